"""The BMS client: what BMS says, and the two writes it takes.

``client.BmsClient`` speaks to BMS, ``actual`` reads the actual state with it. Everything BMS does
not document is asked of ``Assumptions``, and nowhere else.
"""
