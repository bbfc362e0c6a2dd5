"""Every page of the house."""

from typing import Final

from litestar import Controller

from baken.web.pages.accident_hours import AccidentHoursPages
from baken.web.pages.accidents import AccidentPages
from baken.web.pages.account import AccountPages
from baken.web.pages.account_factors import AccountFactorPages
from baken.web.pages.analyses import AnalysisPages
from baken.web.pages.analysis_programme import ProgrammePages
from baken.web.pages.annual_measures import AnnualMeasurePages
from baken.web.pages.annual_plans import AnnualPlanPages
from baken.web.pages.annual_report_sections import ReportSectionPages
from baken.web.pages.annual_report_signing import ReportSigningPages
from baken.web.pages.annual_reports import AnnualReportPages
from baken.web.pages.answer_import_report import ImportedAnswers
from baken.web.pages.answer_imports import AnswerImports
from baken.web.pages.audit import AuditPages
from baken.web.pages.benchmarks import BenchmarkPages
from baken.web.pages.bodies import BodyPages
from baken.web.pages.body_calls import CallPages
from baken.web.pages.body_choices import ChoicePages
from baken.web.pages.body_leaving import BodyLeavingPages
from baken.web.pages.body_notes import BodyNotePages
from baken.web.pages.body_proposal_priority import TakeOnPages
from baken.web.pages.body_proposals import ProposalPages
from baken.web.pages.body_seats import BodySeatPages
from baken.web.pages.body_settings import BodySettingsPages
from baken.web.pages.body_state import BodyStatePages
from baken.web.pages.body_topics import TopicPages
from baken.web.pages.campaign_background import BackgroundPages
from baken.web.pages.campaign_channels import ChannelPages
from baken.web.pages.campaign_charter import CharterPages
from baken.web.pages.campaign_invitation import InvitationWordsPages
from baken.web.pages.campaign_preparation import PreparationPages
from baken.web.pages.campaign_steps import CampaignSteps
from baken.web.pages.campaign_stratum import StratumPages
from baken.web.pages.campaigns import CampaignPages
from baken.web.pages.causes_and_themes import CausePages, ThemePages
from baken.web.pages.changes import ChangePages
from baken.web.pages.charter_for_all import CharterForAll
from baken.web.pages.clients import ClientPages
from baken.web.pages.codes import CodePages
from baken.web.pages.consultation_overview import ConsultationOverview
from baken.web.pages.consultations import ConsultationPages
from baken.web.pages.counsellors import CounsellorPages
from baken.web.pages.decisions import DecisionPages
from baken.web.pages.evaluations import EvaluationPages
from baken.web.pages.export_consents import ExportConsents
from baken.web.pages.feedback import FeedbackPages
from baken.web.pages.feedback_door import FeedbackDoor
from baken.web.pages.finding_evidence import EvidencePages
from baken.web.pages.findings import FindingPages
from baken.web.pages.follow_up import FollowUpPages
from baken.web.pages.forgotten import ForgottenPages
from baken.web.pages.headcounts import HeadcountPages
from baken.web.pages.home import HomePages
from baken.web.pages.ideas import IdeaPages
from baken.web.pages.identities import IdentityPages
from baken.web.pages.indicator_imports import IndicatorImports
from baken.web.pages.indicator_overviews import IndicatorOverviews
from baken.web.pages.indicator_values import IndicatorValues
from baken.web.pages.indicators import IndicatorPages
from baken.web.pages.installation import InstallationPages
from baken.web.pages.installation_benchmarks import InstallationBenchmarks
from baken.web.pages.invitation import InvitationPages
from baken.web.pages.jobs import JobPages
from baken.web.pages.letters import LetterPages
from baken.web.pages.library import LibraryPages
from baken.web.pages.library_editing import LibraryEditing
from baken.web.pages.library_files import LibraryFiles
from baken.web.pages.library_preview import LibraryPreview
from baken.web.pages.library_questions import LibraryQuestions
from baken.web.pages.library_texts import LibraryTexts
from baken.web.pages.log_in import LogInPages
from baken.web.pages.log_in_factor import FactorPages
from baken.web.pages.log_in_lost import LogInLostPages
from baken.web.pages.log_in_set_up import SetUpPages
from baken.web.pages.lost_factors import InstallerPages, LostFactorPages
from baken.web.pages.measure_imports import MeasureImports
from baken.web.pages.measure_work import MeasureWork
from baken.web.pages.measures import MeasurePages
from baken.web.pages.meeting_agenda import AgendaPages
from baken.web.pages.meeting_approval import ApprovalPages
from baken.web.pages.meeting_invitation import MeetingInvitationPages
from baken.web.pages.meeting_minutes import MinutesPages
from baken.web.pages.meeting_outcomes import OutcomePages
from baken.web.pages.meeting_tasks import TaskPages
from baken.web.pages.meetings import MeetingPages
from baken.web.pages.monitoring import MonitoringPages
from baken.web.pages.objectives import ObjectivePages
from baken.web.pages.openid import OpenIdDoor
from baken.web.pages.organisation import OrganisationPages
from baken.web.pages.organisation_exports import OrganisationExports
from baken.web.pages.organisation_handover import HandoverPages
from baken.web.pages.organisation_holds import HoldPages
from baken.web.pages.organisation_removal import RemovalPages
from baken.web.pages.paper_batches import BatchPages
from baken.web.pages.paper_counts import PaperCountPages
from baken.web.pages.paper_deciding import DecidingPages
from baken.web.pages.paper_destruction import DestructionPages
from baken.web.pages.paper_forms import PaperForms
from baken.web.pages.paper_gallery import GalleryPages
from baken.web.pages.paper_keying import KeyingPages
from baken.web.pages.paper_offers import OfferPages
from baken.web.pages.paper_protocol import ProtocolPages
from baken.web.pages.paper_review import ReviewPages
from baken.web.pages.paper_scans import ScanPages
from baken.web.pages.paper_script import ScriptPages
from baken.web.pages.paper_shelf import PaperShelf
from baken.web.pages.paper_sittings import SittingPages
from baken.web.pages.paper_slips import SlipPages
from baken.web.pages.paper_telephone import TelephonePages
from baken.web.pages.paper_unseen import UnseenPages
from baken.web.pages.passkey_door import PasskeyDoor
from baken.web.pages.passkeys import FirstPasskey, PasskeyPages
from baken.web.pages.people import PeoplePages
from baken.web.pages.people_roles import RolePages
from baken.web.pages.plan_files import PlanFiles
from baken.web.pages.plan_settings import PlanSettingsPages
from baken.web.pages.plans import PlanPages
from baken.web.pages.policy_advice import PolicyAdvicePages
from baken.web.pages.priorities import PriorityPages
from baken.web.pages.quarters import QuarterPages
from baken.web.pages.recipient_lists import RecipientLists
from baken.web.pages.recipients import RecipientPages
from baken.web.pages.reference_along import ReferenceAlong
from baken.web.pages.reference_files import ReferenceFiles
from baken.web.pages.references import ReferencePages
from baken.web.pages.register import RegisterPages
from baken.web.pages.register_door import RegisterDoor
from baken.web.pages.register_emergency import EmergencyPages
from baken.web.pages.register_entries import RegisterEntries
from baken.web.pages.register_export import RegisterExport
from baken.web.pages.register_files import AuthorFiles, RegisterFiles
from baken.web.pages.reminders import CalendarDoor, ReminderPages
from baken.web.pages.request_deadlines import DeadlinePages
from baken.web.pages.requests import RequestPages
from baken.web.pages.respondent import RespondentPages
from baken.web.pages.results import ResultsPages
from baken.web.pages.results_acted import ActedPages
from baken.web.pages.results_answered import AnsweredPages
from baken.web.pages.results_changed import ChangedPages
from baken.web.pages.results_comments import CommentPages
from baken.web.pages.results_files import ResultsFiles
from baken.web.pages.results_grouped import GroupsPages
from baken.web.pages.results_together import TogetherPages
from baken.web.pages.retention import RetentionPages
from baken.web.pages.retention_shorter import ShorterTermPages
from baken.web.pages.screening_filling import ScreeningFilling
from baken.web.pages.screening_readings import ScreeningReadings
from baken.web.pages.screening_sheets import ScreeningSheetPages
from baken.web.pages.screening_wording import ScreeningWordingPages
from baken.web.pages.screenings import ScreeningPages
from baken.web.pages.spares import SparePages
from baken.web.pages.start import StartPages
from baken.web.pages.talk_notes import TalkNotePages
from baken.web.pages.talks import TalkPages
from baken.web.pages.teams import TeamPages
from baken.web.pages.unit_history import UnitHistoryPages
from baken.web.pages.unit_imports import UnitImports
from baken.web.pages.unit_movements import MovementPages
from baken.web.pages.unit_steps import UnitSteps
from baken.web.pages.units import UnitPages
from baken.web.pages.vigilance import VigilancePages
from baken.web.pages.votes import VotePages

# A new controller is added here and nowhere else.
CONTROLLERS: Final[tuple[type[Controller], ...]] = (
    LogInPages,
    FactorPages,
    SetUpPages,
    LogInLostPages,
    ForgottenPages,
    InvitationPages,
    AccountPages,
    AccountFactorPages,
    InstallerPages,
    LostFactorPages,
    PasskeyDoor,
    PasskeyPages,
    FirstPasskey,
    OpenIdDoor,
    IdentityPages,
    ClientPages,
    HomePages,
    UnitPages,
    UnitHistoryPages,
    UnitImports,
    MovementPages,
    UnitSteps,
    PeoplePages,
    RolePages,
    ScreeningPages,
    ScreeningWordingPages,
    ScreeningSheetPages,
    ScreeningFilling,
    ScreeningReadings,
    LibraryPages,
    LibraryFiles,
    LibraryEditing,
    LibraryQuestions,
    LibraryTexts,
    LibraryPreview,
    CampaignPages,
    CampaignSteps,
    AnswerImports,
    ImportedAnswers,
    MonitoringPages,
    PreparationPages,
    BackgroundPages,
    StratumPages,
    ChannelPages,
    InvitationWordsPages,
    CharterPages,
    CodePages,
    SparePages,
    PaperShelf,
    BatchPages,
    KeyingPages,
    DecidingPages,
    ScanPages,
    OfferPages,
    GalleryPages,
    ReviewPages,
    UnseenPages,
    DestructionPages,
    SittingPages,
    SlipPages,
    ProtocolPages,
    ScriptPages,
    PaperCountPages,
    TelephonePages,
    PaperForms,
    RecipientPages,
    RecipientLists,
    LetterPages,
    AnalysisPages,
    ProgrammePages,
    ChangePages,
    StartPages,
    EvidencePages,
    BodyPages,
    BodyStatePages,
    BodyNotePages,
    MeetingPages,
    AgendaPages,
    MeetingInvitationPages,
    MinutesPages,
    OutcomePages,
    ApprovalPages,
    DecisionPages,
    TaskPages,
    BodySeatPages,
    BodyLeavingPages,
    BodySettingsPages,
    CallPages,
    ChoicePages,
    TopicPages,
    ProposalPages,
    TakeOnPages,
    TalkPages,
    TalkNotePages,
    CausePages,
    PriorityPages,
    ThemePages,
    IdeaPages,
    VotePages,
    FindingPages,
    PlanPages,
    ObjectivePages,
    AnnualPlanPages,
    AnnualMeasurePages,
    EvaluationPages,
    FeedbackDoor,
    FeedbackPages,
    MeasureImports,
    MeasureWork,
    PlanFiles,
    PlanSettingsPages,
    CalendarDoor,
    ReminderPages,
    TeamPages,
    AnnualReportPages,
    ReportSectionPages,
    ReportSigningPages,
    ExportConsents,
    RetentionPages,
    ShorterTermPages,
    MeasurePages,
    ConsultationOverview,
    ConsultationPages,
    FollowUpPages,
    AuditPages,
    OrganisationPages,
    OrganisationExports,
    HandoverPages,
    RemovalPages,
    HoldPages,
    InstallationPages,
    InstallationBenchmarks,
    JobPages,
    ResultsPages,
    ResultsFiles,
    GroupsPages,
    TogetherPages,
    AnsweredPages,
    ChangedPages,
    ActedPages,
    CommentPages,
    ReferencePages,
    ReferenceFiles,
    ReferenceAlong,
    BenchmarkPages,
    HeadcountPages,
    AccidentHoursPages,
    AccidentPages,
    IndicatorPages,
    IndicatorValues,
    IndicatorOverviews,
    IndicatorImports,
    RegisterPages,
    RegisterEntries,
    RegisterExport,
    RegisterFiles,
    AuthorFiles,
    EmergencyPages,
    RequestPages,
    DeadlinePages,
    CounsellorPages,
    QuarterPages,
    PolicyAdvicePages,
    VigilancePages,
    RespondentPages,
    CharterForAll,
    RegisterDoor,
)
