from standards.models.catalogue import Edition, Relation, Standard, StandardsBody
from standards.models.competences import Competence, Level, Track
from standards.models.starter import StarterRecord

__all__ = ["Competence", "Edition", "Level", "Relation", "Standard", "StandardsBody", "StarterRecord", "Track"]
