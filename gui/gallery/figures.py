"""What shows a record or a figure."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from core.figures.prisma import layout_prisma
from core.figures.prisma_model import Count, Live, PrismaFlow, removed_before_screening
from core.store.queries.records import RecordView
from gui.gallery.entries import Entry, Section, Stage
from gui.gallery.marks import ABSTRACT, TERMS
from gui.widgets.figure_view import FigureView
from gui.widgets.flow_view import FlowBox, FlowView
from gui.widgets.marks import Tone
from gui.widgets.record_card import RecordCard

_FLOW = PrismaFlow(
    databases=(Count("Embase", 1874), Count("MEDLINE", 1253)),
    removed=removed_before_screening(1120),
    screened=2007,
    excluded=1948,
    sought=59,
    not_retrieved=2,
    assessed=57,
    reports_excluded=(Count("Wrong design", 31), Count("Wrong population", 18)),
    included_studies=8,
    included_reports=8,
    live=(Live("screened", "61%", 1224, 2007),),
)
_RECORD = RecordView(
    id=b"1",
    number=1925,
    title="Ketamine for generalised anxiety disorder: a randomised crossover trial",
    abstract=ABSTRACT,
    authors=("Glue, Paul", "Neehoff, Shona", "Sabadel, Amelie"),
    journal="J Psychopharmacol",
    year=2020,
    volume="34",
    issue="3",
    pages="267-272",
    doi="10.1000/example",
    pmid="1",
    accession="",
    kind="journal",
    language="English",
    keywords=("anxiety", "ketamine"),
    urls=(),
    sources=("Embase", "MEDLINE"),
    primary_id=None,
)


def _flow(stage: Stage) -> QWidget:
    flow = FlowView()
    flow.resize(760, 400)
    flow.show_flow(_FLOW)
    flow.setFixedWidth(760)
    return flow


def _figure(stage: Stage) -> QWidget:
    view = FigureView()
    view.show_figure(layout_prisma(_FLOW), "PRISMA flow")
    view.setFixedSize(760, 300)
    return view


def _record(stage: Stage) -> QWidget:
    card = RecordCard(stage.holder, object_name="gallery.card")
    card.show_record(_RECORD)
    card.show_state("Maybe", Tone.MAYBE)
    card.set_terms(TERMS)
    card.setFixedWidth(720)
    return card


FIGURES = Section(
    "figures",
    "Records, figures",
    "chart-gantt",
    (
        Entry("Record", (RecordCard,), _record),
        Entry("PRISMA flow", (FlowView, FlowBox), _flow, "Each box is a button; arrows go from one to the next."),
        Entry("Figure on its paper", (FigureView,), _figure, "Scrolls when it is higher than its place."),
    ),
)
