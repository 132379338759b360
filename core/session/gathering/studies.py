"""Studies with their references and characteristics, as an exchange file holds them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from core.interchange.model import Characteristic, Identifier, Reference, StudyItem
from core.interchange.rm5 import names
from core.model import Id, Stage, StudyStatus, Verdict
from core.session.adoption.publications import registration_of
from core.session.adoption.studies import REASON
from core.session.gathering.state import State
from core.store.log import Row
from core.store.queries.whole import records_with

_KINDS: Final = {
    "article": "journal_article", "book": "book", "chapter": "book_section", "conference": "conference_proc",
    "thesis": "unpublished", "report": "unpublished", "preprint": "unpublished",
}  # fmt: skip
_KEYS: Final = ("methods", "participants", "interventions", "outcomes", "notes")


class Studies:
    """Gathers the studies; ``ids`` are those of the file by row once they are gathered."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._base = {state.id("study", item.id): item for item in (state.base.studies if state.base else ())}
        self._fields = _Form(state)
        self._texts = state.by("consensus", "subject_id")
        self._links = state.by("study_report", "study_id")
        self._records = _records(state)
        self._references = {
            state.id("record", r.id): r for item in self._base.values() for r in item.references
        }  # fmt: skip
        self.ids: dict[Id, str] = {}

    def all(self) -> tuple[StudyItem, ...]:
        """Every study in its order; then each report that was excluded at full text and belongs to no study."""
        taken = {item.id for item in self._base.values()}
        found: list[StudyItem] = []
        for row in self._state.live("study").values():
            base = self._base.get(row["id"])
            item = self._changed(base, row) if base else self._new(row, taken)
            taken.add(item.id)
            self.ids[row["id"]] = item.id
            found.append(item)
        return (*found, *self._excluded_reports(taken))

    # --- studies of the file -----------------------------------------------------------------------------------------

    def _changed(self, base: StudyItem, row: Row) -> StudyItem:
        """The file's study with what has been changed since."""
        state, changes = self._state, dict[str, Any]()
        for field, column in (("name", "label"), ("year", "year"), ("data_source", "data_source")):
            if not state.same("study", row["id"], [column]):
                changes[field] = row[column]
        if not state.same("study", row["id"], ["status"]):
            changes["status"] = _status(row)
        if not state.same("study", row["id"], ["registration"]):
            old = {part.strip() for part in registration_of(base).split(";")}
            kept = tuple(i for i in base.identifiers if i.value.strip() not in old)
            changes["identifiers"] = (*kept, *_identifiers(row["registration"]))
        references = self._references_of(row["id"], base)
        if references != base.references:
            changes["references"] = references
        characteristics = self._characteristics_of(row["id"], base.characteristics)
        if characteristics != base.characteristics:
            changes["characteristics"] = characteristics
        return replace(base, **changes) if changes else base

    def _references_of(self, study_id: Id, base: StudyItem) -> tuple[Reference, ...]:
        live = {link["record_id"]: link for link in self._links.get(study_id, ())}
        found: list[Reference] = []
        for reference in base.references:
            report = self._state.id("record", reference.id)
            link = live.pop(report, None)
            if link is not None:
                same = self._state.same("study_report", link["id"], ["is_main"])
                found.append(reference if same else replace(reference, primary=link["is_main"]))
        return (*found, *self._new_references(live.values(), base.id))

    def _characteristics_of(self, study_id: Id, base: Sequence[Characteristic]) -> tuple[Characteristic, ...]:
        settled = {c["field"]: c for c in self._texts.get(study_id, ())}
        found: list[Characteristic] = []
        for one in base:
            field = self._state.id("form_field", one.key).hex()
            row = settled.pop(field, None)
            if row is None:
                # A text that was never placed stays; one whose settled value was taken back goes.
                if not one.text.strip():
                    found.append(one)
            elif self._state.same("consensus", row["id"], ["text", "number", "not_reported"]):
                found.append(one)
            else:
                found.append(replace(one, text=self._fields.answer(row), html=""))
        return (*found, *self._fields.characteristics(settled.values()))

    # --- studies of Copse's own --------------------------------------------------------------------------------------

    def _new(self, row: Row, taken: Container[str]) -> StudyItem:
        item_id = names.unique(names.id_of(names.STUDY, row["label"]), taken)
        references = self._new_references(self._links.get(row["id"], ()), item_id)
        years = [r.year for r in references if r.primary] or [r.year for r in references]
        return StudyItem(
            item_id,
            row["label"],
            _status(row),
            row["year"] or next(iter(years), ""),
            row["data_source"],
            references,
            _identifiers(row["registration"]),
            self._own_characteristics(row),
        )

    def _own_characteristics(self, row: Row) -> tuple[Characteristic, ...]:
        """The answers in the form, and before them what the study's set-up says."""
        answers = self._fields.characteristics(self._texts.get(row["id"], ()))
        arms = [a["label"] for a in self._state.by("arm", "study_id").get(row["id"], ())]
        number = "" if row["randomised"] is None else f"{row['randomised']:,} randomised"
        made = (
            ("methods", "Methods", row["design"][:1].upper() + row["design"][1:]),
            ("participants", "Participants", number),
            ("interventions", "Interventions", "\n".join(arms)),
            ("notes", "Notes", row["notice"]),
        )
        found = {one.key: one for one in answers}
        for key, label, text in made:
            told = found[key].text if key in found else ""
            if text.strip():
                found[key] = Characteristic(key, label, "\n".join(filter(None, (text.strip(), told))))
        order = [*_KEYS[:-1], "user_1", "user_2", "user_3", "notes"]
        return tuple(sorted(found.values(), key=lambda one: order.index(one.key)))

    def _new_references(self, links: Iterable[Row], study: str) -> tuple[Reference, ...]:
        listed = sorted(links, key=lambda link: (not link["is_main"], self._records[link["record_id"]].n))
        return tuple(
            self._reference(link["record_id"], names.reference_id(study, number), primary=link["is_main"])
            for number, link in enumerate(listed, start=1)
        )

    def _reference(self, report: Id, reference_id: str, *, primary: bool) -> Reference:
        if report in self._references:
            return replace(self._references[report], id=reference_id, primary=primary)
        return reference_of(self._records[report], reference_id, primary=primary)

    def _excluded_reports(self, taken: set[str]) -> list[StudyItem]:
        """Reports excluded at full text that are nobody's study: RevMan lists them as excluded studies."""
        state = self._state
        linked = {link["record_id"] for link in state.live("study_report").values()}
        reasons = {row["id"]: row["text"] for row in state.live("exclusion_reason").values()}
        found: list[StudyItem] = []
        for report, reason_id, note in excluded_at_full_text(state):
            if report in linked or report not in self._records:
                continue
            name = _name_of(self._records[report])
            item_id = names.unique(names.id_of(names.STUDY, name), taken)
            taken.add(item_id)
            text = "\n".join(filter(None, (reasons.get(reason_id or b"", ""), note)))
            said = (Characteristic(REASON, "Reason for exclusion", text),) if text else ()
            reference = self._reference(report, names.reference_id(item_id, 1), primary=True)
            found.append(
                StudyItem(item_id, name, StudyStatus.EXCLUDED, reference.year, "", (reference,), (), said)
            )  # fmt: skip
        return sorted(found, key=lambda item: item.name.casefold())


class _Form:
    """The form's fields as characteristics: RevMan's own, three of the team's, the others as lines of the notes."""

    def __init__(self, state: State) -> None:
        rows = state.live("form_field")
        base: dict[str, str] = {
            c.key: c.label for item in (state.base.studies if state.base else ()) for c in item.characteristics
        }
        self._units = {row["id"].hex(): row["unit"] for row in rows.values()}
        self._keys: dict[str, tuple[str, str]] = {}
        ids = {state.id("form_field", key): key for key in base}
        used = {key for key in ids.values() if key.startswith("user_")}
        own = [f"user_{n}" for n in (1, 2, 3) if f"user_{n}" not in used]
        for row in rows.values():
            label: str = row["label"]
            key: str = ids.get(row["id"]) or (label.casefold() if label.casefold() in _KEYS else "")
            if not key:
                key = own.pop(0) if own else "notes"
            self._keys[row["id"].hex()] = (key, base.get(key, label))
        self._labels = {row["id"].hex(): row["label"] for row in rows.values()}
        self._order = {field: n for n, field in enumerate(self._keys)}

    def answer(self, row: Row) -> str:
        """What was settled, in words."""
        if row["not_reported"]:
            return "Not reported"
        number = "" if row["number"] is None else f"{row['number']:g} {self._units.get(row['field'], '')}".strip()
        return row["text"] or number

    def characteristics(self, settled: Iterable[Row]) -> tuple[Characteristic, ...]:
        """Settled answers as characteristics, in the order of the form."""
        found: dict[str, Characteristic] = {}
        known = [row for row in settled if row["field"] in self._keys]
        for row in sorted(known, key=lambda row: self._order[row["field"]]):
            key, label = self._keys[row["field"]]
            text, own = self.answer(row), self._labels[row["field"]]
            if not text:
                continue
            if key == "notes" and own.casefold() != "notes":
                label, text = "Notes", f"{own}: {text}"
            before = found[key].text + "\n" if key in found else ""
            found[key] = Characteristic(key, label, before + text)
        return tuple(found.values())


def excluded_at_full_text(state: State) -> list[tuple[Id, Id | None, str]]:
    """(record, reason, note) of each record that all who had to judge its report excluded, or that was settled so."""
    stage = Stage.FULL_TEXT.value
    settled = {row["record_id"]: row for row in state.live("resolution").values() if row["stage"] == stage}
    given: dict[Id, list[Row]] = {}
    for row in state.live("decision").values():
        if row["stage"] == stage:
            given.setdefault(row["record_id"], []).append(row)
    needed = next(iter(state.live("review").values()))["screeners_per_record"]
    judges = sum(row["is_screener"] for row in state.live("reviewer").values())
    found = [(i, r["reason_id"], r["note"]) for i, r in settled.items() if r["verdict"] == Verdict.EXCLUDE]
    for report, decisions in given.items():
        agreed = {(d["verdict"], d["reason_id"]) for d in decisions}
        if report not in settled and len(agreed) == 1 and len(decisions) >= max(1, min(needed, judges)):
            verdict, reason_id = next(iter(agreed))
            if verdict == Verdict.EXCLUDE:
                found.append((report, reason_id, ""))
    return sorted(found, key=lambda one: one[0])


def reference_of(row: Any, reference_id: str, *, primary: bool) -> Reference:
    """A record of Copse's as a reference."""
    identifiers = (("DOI", row.doi), ("MEDLINE", row.pmid), ("OTHER", row.accession))
    return Reference(
        reference_id,
        kind=_KINDS.get(row.kind, "other"),
        primary=primary,
        name=_name_of(row),
        authors=", ".join(author.replace(",", "") for author in row.authors),
        title=row.title,
        source=row.journal,
        year="" if row.year is None else str(row.year),
        volume=row.volume,
        issue=row.issue,
        pages=row.pages,
        notes=row.notes,
        abstract=row.abstract,
        identifiers=tuple(Identifier(kind, value) for kind, value in identifiers if value),
    )


def _name_of(row: Any) -> str:
    author = row.authors[0] if row.authors else ""
    surname = author.partition(",")[0].strip() if "," in author else (author.split() or [""])[0]
    return " ".join(filter(None, (surname or " ".join(row.title.split()[:3]), str(row.year or ""))))


def _records(state: State) -> Mapping[Id, Any]:
    """The records that are reports of studies, or were excluded as reports."""
    wanted = {link["record_id"] for link in state.live("study_report").values()}
    wanted |= {report for report, _, _ in excluded_at_full_text(state)}
    return records_with(state.connection, wanted)


def _status(row: Row) -> StudyStatus:
    return StudyStatus(row["status"] or StudyStatus.INCLUDED)


def _identifiers(registration: str) -> tuple[Identifier, ...]:
    parts = (part.strip() for part in registration.replace(",", ";").split(";"))
    return tuple(Identifier("ISRCTN" if p.upper().startswith("ISRCTN") else "OTHER", p) for p in parts if p)
