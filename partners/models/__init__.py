from partners.models.cohorts import Cohort, CohortPlace
from partners.models.partners import Agreement, Membership, Partner
from partners.models.rosters import Invitation, RosterImport

__all__ = ["Agreement", "Cohort", "CohortPlace", "Invitation", "Membership", "Partner", "RosterImport"]
