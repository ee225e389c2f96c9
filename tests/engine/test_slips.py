"""Only what a slip of typing explains is taken for one; a neighbour of a model is its own name."""

from __future__ import annotations

import pytest

from reconciler.engine.slips import slips


@pytest.mark.parametrize(
    ("typed", "meant", "count"),
    [
        ("Labtop", "Laptop", 1),
        ("Desktp", "Desktop", 1),
        ("Desktopp", "Desktop", 1),
        ("Serevr", "Server", 1),
        ("laptop", "Laptop", 1),
        ("ESXi host", "ESXi Host", 1),
        ("ESXiHost", "ESXi Host", 1),
        ("HyperV Host", "Hyper-V Host", 1),
        ("ap440", "AP440", 1),
        ("SIRIS5", "SIRIS 5", 1),
        ("Laptops", "Laptop", 1),
        ("Switch", "Switches", 1),
        ("Macs", "Mac", 1),
        ("Windows Sever", "Windows Server", 1),
        ("Workstatoin", "Workstation", 1),
        ("Worksttions", "Workstation", 2),
        ("Virtal Servr", "Virtual Server", 2),
    ],
)
def test_what_slips_of_typing_explain_is_counted_in_slips(
    typed: str, meant: str, count: int
) -> None:
    assert slips(typed, meant) == slips(meant, typed) == count


@pytest.mark.parametrize(
    ("named", "there"),
    [
        ("Laptop", "Laptop"),
        ("AP840", "SW840"),
        ("AP440", "AP440E"),
        ("SIRIS 5", "SIRIS 4"),
        ("SIRIS 5 X", "SIRIS 5"),
        ("S5-X2", "S5-2"),
        ("S5-X2", "S5-X3"),
        ("Unit 1-2", "Unit 12"),
        ("MS120-48LP", "MS120-48FP"),
        ("E48 PoE", "E24 PoE+"),
        ("L8 PoE", "L8 PoE+"),
        ("Business", "Business+"),
        ("Business Premium", "Business Basic"),
        ("Windows Server", "Windows Desktop"),
        ("Mac Laptop", "Laptop"),
        ("Virtual Server", "Server"),
        ("Smartphone", "Phone"),
        ("Phone", "iPhone"),
        ("Notebook", "Netbook"),
        ("Elite", "Lite"),
        ("Unlicensed", "Licensed"),
        ("Internal", "External"),
        ("Disk", "Desk"),
        ("Switch LP", "Switch FP"),
        ("Premium", "Premier"),
        ("Access Point", "Access Point (Outdoor)"),
        ("Network Device (Router)", "Network Device (Switch)"),
        ("ESXi Host", "Hyper-V Host"),
        ("Virtal Servr Hsot", "Virtual Server Hosts"),
    ],
)
def test_a_neighbour_is_a_name_of_its_own(named: str, there: str) -> None:
    assert slips(named, there) is None
    assert slips(there, named) is None
