"""The kinds of file, as models: what editors and `reconciler schema` show comes from here."""

from reconciler.desired.documents.account import AccountDoc
from reconciler.desired.documents.approvals import ApprovalsDoc
from reconciler.desired.documents.billing import BillingDoc
from reconciler.desired.documents.services import ServicesDoc

__all__ = ["AccountDoc", "ApprovalsDoc", "BillingDoc", "ServicesDoc"]
