"""Writes the search exports of the example review and the reviewers' screening decisions.

    python resources/example/make_exports.py [--out FOLDER]

The same text comes out on every run. It is committed, and a test compares; run this after changing the vocabulary, the
known references or the generator.
"""

from __future__ import annotations

import argparse
import csv
import io
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from generator import fates, world, writers
from generator.corpus import Work
from generator.dice import Dice
from generator.writers import Delivered, Export

HERE = Path(__file__).resolve().parent
SCHOLAR_HITS = 200
REFERENCE_LIST = 24
CENTRAL_COPIES = 9
BEST_SOURCE = ("medline", "embase", "psycinfo", "central", "scholar", "lists")
"""A record's decision names it by its copy in the first of these sources that delivered it."""

DECISION_COLUMNS = (
    "source",
    "position",
    "accession",
    "asha",
    "asha_reason",
    "tom",
    "tom_reason",
    "settled",
    "settled_reason",
    "note",
)


def main() -> None:
    """Writes exports/, screening.csv and fulltext.csv below the output folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write into")
    out: Path = parser.parse_args().out
    (out / "exports").mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        (out / name).write_bytes(content)


def files() -> dict[str, bytes]:
    """Every file to write, by its name relative to the output folder."""
    works = world.build().works
    exports = _exports(works)
    contents = {f"exports/{e.file_name}": e.text.encode(e.encoding) for e in exports}
    place = _places(exports)
    contents["screening.csv"] = _decisions(
        works, fates.on_title_abstract(works, Dice("copse example screening 1")), place
    )
    read = [w for w in works if w.full_text]
    contents["fulltext.csv"] = _decisions(read, fates.on_full_text(works), place, study=True)
    return contents


# --- which source delivers what -------------------------------------------------------------------------------------


def _exports(works: Sequence[Work]) -> list[Export]:
    dice = Dice("copse example exports 1")
    chosen = {name: [w for w in works if name in w.databases] for name in ("medline", "embase", "psycinfo", "central")}
    for found in chosen.values():
        found[:] = dice.some(found, len(found))
    # The register holds some trials twice, under two numbers.
    copies = dice.some([w for w in chosen["central"] if w.doi and not w.real], CENTRAL_COPIES)
    chosen["central"] += copies
    scholar = _scholar(works, dice)
    lists = [w for w in works if "lists" in w.databases]
    lists += dice.some(
        [w for w in works if w.near and not w.registry and "embase" in w.databases], REFERENCE_LIST - len(lists)
    )
    strategies = {s["key"]: s["strategy"] for s in tomllib.loads((HERE / "protocol.toml").read_text("utf-8"))["source"]}
    return [
        _ovid("medline", chosen["medline"], strategies, dice),
        _ovid("embase", chosen["embase"], strategies, dice),
        _ovid("psycinfo", chosen["psycinfo"], strategies, dice),
        _central(chosen["central"], dice),
        Export(
            "scholar",
            "google_scholar.csv",
            writers.scholar_file(scholar, dice),
            "utf-8",
            _delivered("scholar", scholar),
        ),
        Export(
            "lists",
            "reference_lists.ris",
            writers.plain_file([writers.reference_list_record(w) for w in lists]),
            "utf-8",
            _delivered("lists", lists),
        ),
    ]


def _scholar(works: Sequence[Work], dice: Dice) -> list[Work]:
    """The first 200 hits: the real ones, much that is near the question, the rest about ketamine at large."""
    real = [w for w in works if w.real and "scholar" in w.databases]
    # Scholar writes "J van den Berg" and gives no pages: not enough for a sure match without a DOI.
    known = [
        w
        for w in works
        if not w.real
        and not w.registry
        and len(w.title) > 40
        and not any(set(" '") & set(writers.family(a)) for a in w.authors)
    ]
    near = [w for w in known if w.near]
    far = [w for w in known if w.topic in {"depression", "opinion", "misuse", "trauma_other", "pain"}]
    rest = [w for w in works if w.databases == ("scholar",)]
    rest += dice.some([w for w in near if w not in rest], 60)
    rest += dice.some([w for w in far if w not in rest], SCHOLAR_HITS - len(real) - len(rest))
    return dice.some(real + rest, SCHOLAR_HITS)


def _ovid(name: str, works: Sequence[Work], strategies: Mapping[str, str], dice: Dice) -> Export:
    write = {"medline": writers.ovid_medline, "embase": writers.ovid_embase, "psycinfo": writers.ovid_psycinfo}[name]
    delivered = _delivered(name, works)
    records = [(write(d.work, d.accession, dice), d.work) for d in delivered]
    text = writers.ovid_file(
        records, strategies[name], newline="\r\n" if name == "medline" else "\n", tight=name == "psycinfo"
    )
    return Export(name, f"{name}_ovid.ris", text, "utf-8", delivered)


def _central(works: Sequence[Work], dice: Dice) -> Export:
    delivered = _delivered("central", works)
    text = writers.cochrane_file([writers.cochrane_record(d.work, d.accession, dice) for d in delivered])
    return Export("central", "cochrane_central.ris", text, "utf-8", delivered)


def _delivered(source: str, works: Sequence[Work]) -> tuple[Delivered, ...]:
    return tuple(Delivered(source, n, _accession(source, n, w), w) for n, w in enumerate(works, start=1))


def _accession(source: str, number: int, work: Work) -> str:
    if source == "medline":
        return work.pmid
    return {
        "embase": f"9{62_000_000 + number * 13}",
        "psycinfo": f"{work.year}-99{number:03d}-001",
        "central": f"CN-99{number:06d}",
    }.get(source, "")


# --- decisions as tables --------------------------------------------------------------------------------------------


def _places(exports: Sequence[Export]) -> dict[str, Delivered]:
    places: dict[str, Delivered] = {}
    for export in sorted(exports, key=lambda e: BEST_SOURCE.index(e.source)):
        for delivered in export.records:
            places.setdefault(delivered.work.key, delivered)
    return places


def _decisions(
    works: Sequence[Work],
    decisions: Mapping[str, fates.Decision],
    place: Mapping[str, Delivered],
    *,
    study: bool = False,
) -> bytes:
    stream = io.StringIO()
    table = csv.writer(stream, lineterminator="\n")
    table.writerow((*DECISION_COLUMNS, "retrieval", "study") if study else DECISION_COLUMNS)
    for work in sorted(works, key=lambda w: (BEST_SOURCE.index(place[w.key].source), place[w.key].position)):
        at, d = place[work.key], decisions[work.key]
        row = (
            at.source,
            at.position,
            at.accession,
            d.asha,
            d.asha_reason,
            d.tom,
            d.tom_reason,
            d.settled,
            d.settled_reason,
            d.note,
        )
        table.writerow((*row, "retrieved", work.key if work.real else "") if study else row)
    return stream.getvalue().encode()


if __name__ == "__main__":
    main()
