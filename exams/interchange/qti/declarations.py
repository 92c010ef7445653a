"""What a QTI item declares about right answers, and what its response processing adds."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from exams.interchange.parts import number_of
from exams.interchange.qti.names import attribute, child, children, descendants, name
from exams.interchange.xml import Element


@dataclass(frozen=True)
class Area:
    shape: str
    coords: str
    value: Decimal


@dataclass
class Declaration:
    """One response: its right values, and what each value earns where the file maps them."""

    identifier: str
    cardinality: str = "single"
    base: str = ""
    correct: list[str] = field(default_factory=list)
    mapping: dict[str, Decimal] = field(default_factory=dict)
    default: Decimal = Decimal(0)
    upper: Decimal | None = None
    areas: list[Area] = field(default_factory=list)
    by_case: bool = False
    tolerance: Decimal = Decimal(0)
    relative: bool = False

    @property
    def right(self) -> list[str]:
        """The right values: as declared, or those that earn the most."""
        if self.correct:
            return self.correct
        earning = {value: earns for value, earns in self.mapping.items() if earns > 0}
        if self.cardinality == "single" and earning:
            return [value for value, earns in earning.items() if earns == max(earning.values())]
        return list(earning)

    @property
    def most(self) -> Decimal:
        """What a right answer earns by the mapping."""
        earning = [earns for earns in self.mapping.values() if earns > 0]
        total = (max(earning) if self.cardinality == "single" else sum(earning, Decimal(0))) if earning else Decimal(0)
        return min(total, self.upper) if self.upper is not None and total else total


def read_declarations(item: Element) -> dict[str, Declaration]:
    found: dict[str, Declaration] = {}
    for element in children(item, "responseDeclaration"):
        declaration = Declaration(
            attribute(element, "identifier"), attribute(element, "cardinality", "single"), attribute(element, "baseType")
        )
        correct = child(element, "correctResponse")
        if correct is not None:
            declaration.correct = [
                (value.text or "").strip() for value in children(correct, "value") if (value.text or "").strip()
            ]
        _mapping(element, declaration)
        found[declaration.identifier] = declaration
    _tolerances(item, found)
    return found


def _mapping(element: Element, declaration: Declaration) -> None:
    mapping = child(element, "mapping")
    if mapping is not None:
        declaration.default = number_of(attribute(mapping, "defaultValue", "0")) or Decimal(0)
        declaration.upper = number_of(attribute(mapping, "upperBound", ""))
        for entry in children(mapping, "mapEntry"):
            declaration.mapping[attribute(entry, "mapKey").strip()] = number_of(
                attribute(entry, "mappedValue", "0")
            ) or Decimal(0)
            declaration.by_case = declaration.by_case or attribute(entry, "caseSensitive") == "true"
    areas = child(element, "areaMapping")
    for entry in children(areas, "areaMapEntry") if areas is not None else []:
        value = number_of(attribute(entry, "mappedValue", "0")) or Decimal(0)
        declaration.areas.append(Area(attribute(entry, "shape"), attribute(entry, "coords"), value))


def _tolerances(item: Element, found: dict[str, Declaration]) -> None:
    """`<equal toleranceMode="absolute" tolerance="0.5 0.5">` around a response says how near is right."""
    processing = child(item, "responseProcessing")
    for equal in descendants(processing, "equal") if processing is not None else ():
        mode, values = attribute(equal, "toleranceMode", "exact"), attribute(equal, "tolerance").split()
        variables = {attribute(each, "identifier") for each in equal if name(each) == "variable"}
        numbers = [number for number in map(number_of, values) if number is not None]
        for identifier in variables & set(found) if numbers and mode in ("absolute", "relative") else ():
            found[identifier].tolerance, found[identifier].relative = max(numbers), mode == "relative"
