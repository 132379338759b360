"""Where a review came from, and the way back to other programs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.interchange.model import Remark, ReviewFile
from core.interchange.writers import WRITERS
from core.model import Id
from core.session.adoption import ORIGINAL, report
from core.session.adoption.rows import element_id
from core.session.base import Part
from core.session.gathering import gather
from core.session.gathering.state import kept_file
from core.store.files import write_whole
from core.store.queries import whole


@dataclass(frozen=True, slots=True)
class Origin:
    """The file of another program that the review was made from: its format and name, the version of the program that
    wrote it, (key, number) of what was read, and what could not be placed."""

    format: str
    file_name: str
    version: str
    counts: tuple[tuple[str, int], ...]
    remarks: tuple[Remark, ...]


class InterchangePart(Part):
    """The file a review was made from, and the review as a file of another program holds it."""

    def origin(self) -> Origin | None:
        """Where the review came from; None when it was made in Copse."""
        row = whole.origin_of(self._reader)
        if row is None:
            return None
        return Origin(row.format, row.file_name, row.version, *report.from_json(row.report))

    def original(self) -> bytes:
        """The file it came from as it was; empty when there is none."""
        row = whole.origin_of(self._reader)
        return b"" if row is None else whole.kept_with(self._reader, row.id, ORIGINAL)

    def file(self) -> ReviewFile | None:
        """The file it came from as it was read; None when the review was made in Copse."""
        return kept_file(self._reader)[0]

    def placed(self, element: str) -> tuple[str, Id] | None:
        """What a study or an analysis of the file has become: its table and id; None when it is not there (any more).
        ``element`` is its id in the file; one within an analysis stands for the analysis."""
        row = whole.origin_of(self._reader)
        if row is None:
            return None
        wanted = (("study", element), ("analysis", ".".join(element.split(".")[:2])))
        ids = [(table, element_id(row.content_hash, table, name)) for table, name in wanted]
        return next((each for each in ids if whole.is_live(self._reader, *each)), None)

    def gathered(self, *, classic: bool = True) -> ReviewFile:
        """The review as it stands, for a writer. What came from the file and is unchanged is given as the file has it.

        ``classic``: as RevMan 5 can hold it, a remark on what it cannot; else with the estimators and intervals of
        RevMan Web.
        """
        return gather(self._reader, self._context.store.path.name, classic=classic)

    def write(self, target: Path, key: str) -> tuple[Remark, ...]:
        """Write the review as a file for another program (`core.interchange.writers.WRITERS`); what of it the file
        cannot hold as it stands here. FileProblem when it cannot be written, and then the file is as it was."""
        writer = WRITERS[key]
        file = self.gathered(classic=writer.classic)
        write_whole(target, writer.data(file, target.stem))
        return tuple(remark for remark in file.remarks if not remark.kept)
