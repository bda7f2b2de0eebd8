from django.urls import path

from cards.nominations.api import answers, appeals, direct, imports, integrity, public, releases, reviews, stops, views

urlpatterns = [
    path("", views.NominationListView.as_view(), name="api-nomination-list"),
    path("policy/", views.PolicyView.as_view(), name="api-nomination-policy"),
    path("quota/", views.QuotaView.as_view(), name="api-nomination-quota"),
    path("import/", imports.NominationImportView.as_view(), name="api-nomination-import"),
    path("imports/", imports.ImportListView.as_view(), name="api-import-list"),
    path("imports/<uuid:batch_id>/", imports.ImportDetailView.as_view(), name="api-import-detail"),
    path("imports/<uuid:batch_id>/rows/", imports.ImportRowListView.as_view(), name="api-import-rows"),
    path("imports/<uuid:batch_id>/apply/", imports.ImportApplyView.as_view(), name="api-import-apply"),
    path("imports/<uuid:batch_id>/report/", imports.ImportReportView.as_view(), name="api-import-report"),
    path("bulk-review/", reviews.BulkReviewView.as_view(), name="api-nomination-bulk-review"),
    path("nominators/", views.NominatorListView.as_view(), name="api-nominator-list"),
    path("experts/", answers.ExpertSearchView.as_view(), name="api-expert-search"),
    path("answers/", answers.AnswerView.as_view(), name="api-answer-create"),
    path("answers/question/", answers.QuestionView.as_view(), name="api-answer-question"),
    path("direct-issues/", direct.DirectIssueListView.as_view(), name="api-direct-list"),
    path("direct-issues/dry-run/", direct.DirectDryRunView.as_view(), name="api-direct-dry-run"),
    path("direct-issues/bulk/", direct.DirectBulkView.as_view(), name="api-direct-bulk"),
    path("direct-issues/bulk-decision/", direct.DirectBulkDecisionView.as_view(), name="api-direct-bulk-decision"),
    path("direct-issues/<uuid:case_id>/", direct.DirectIssueDetailView.as_view(), name="api-direct-detail"),
    path("direct-issues/<uuid:case_id>/confirm/", direct.DirectConfirmView.as_view(), name="api-direct-confirm"),
    path("direct-issues/<uuid:case_id>/refuse/", direct.DirectRefuseView.as_view(), name="api-direct-refuse"),
    path("direct-issues/<uuid:case_id>/withdraw/", direct.DirectWithdrawView.as_view(), name="api-direct-withdraw"),
    path(
        "direct-issues/<uuid:case_id>/evidence/<uuid:evidence_id>/",
        direct.DirectEvidenceView.as_view(),
        name="api-direct-evidence",
    ),
    path("notices/", public.NoticeListView.as_view(), name="api-notice-list"),
    path("notices/releases/", releases.ReleaseListView.as_view(), name="api-release-list"),
    path(
        "notices/releases/<int:year>-<int:serial>.json",
        releases.SignedListView.as_view(),
        name="api-release-list-signed",
    ),
    path("notices/<uuid:notice_id>/objections/", public.ObjectionCreateView.as_view(), name="api-objection-create"),
    path(
        "objections/<uuid:objection_id>/resolve/",
        reviews.ObjectionResolveView.as_view(),
        name="api-objection-resolve",
    ),
    path("<uuid:nomination_id>/", views.NominationDetailView.as_view(), name="api-nomination-detail"),
    path("<uuid:nomination_id>/contact/", views.NomineeContactView.as_view(), name="api-nomination-contact"),
    path("<uuid:nomination_id>/submit/", views.NominationSubmitView.as_view(), name="api-nomination-submit"),
    path("<uuid:nomination_id>/withdraw/", views.NominationWithdrawView.as_view(), name="api-nomination-withdraw"),
    path("<uuid:nomination_id>/evidence/", views.EvidenceListView.as_view(), name="api-evidence-list"),
    path(
        "<uuid:nomination_id>/evidence/<uuid:evidence_id>/",
        views.EvidenceDetailView.as_view(),
        name="api-evidence-detail",
    ),
    path("<uuid:nomination_id>/asked/", answers.AskedListView.as_view(), name="api-asked-list"),
    path("<uuid:nomination_id>/asked/<uuid:request_id>/", answers.AskedDetailView.as_view(), name="api-asked-detail"),
    path(
        "<uuid:nomination_id>/asked/<uuid:request_id>/resend/",
        answers.LinkResendView.as_view(),
        name="api-link-resend",
    ),
    path(
        "<uuid:nomination_id>/preliminary-review/",
        reviews.PreliminaryReviewView.as_view(),
        name="api-nomination-preliminary-review",
    ),
    path(
        "<uuid:nomination_id>/second-review/",
        reviews.SecondReviewView.as_view(),
        name="api-nomination-second-review",
    ),
    path("<uuid:nomination_id>/duplicates/", stops.DuplicateListView.as_view(), name="api-duplicate-list"),
    path(
        "<uuid:nomination_id>/duplicates/<uuid:other_id>/decide/",
        stops.DuplicateDecideView.as_view(),
        name="api-duplicate-decide",
    ),
    path(
        "<uuid:nomination_id>/reject-stopped/", stops.StoppedRejectView.as_view(), name="api-nomination-reject-stopped"
    ),
    path("integrity-facts/", integrity.FactReportView.as_view(), name="api-integrity-report"),
    path("integrity-facts/retract/", integrity.FactRetractionView.as_view(), name="api-integrity-retract"),
    path("<uuid:nomination_id>/integrity/", integrity.IntegrityView.as_view(), name="api-integrity"),
    path("<uuid:nomination_id>/integrity/checks/", integrity.IntegrityCheckView.as_view(), name="api-integrity-check"),
    path(
        "<uuid:nomination_id>/integrity/facts/<uuid:fact_id>/decide/",
        integrity.IntegrityRulingView.as_view(),
        name="api-integrity-decide",
    ),
    path(
        "<uuid:nomination_id>/integrity/facts/<uuid:fact_id>/withdraw/",
        integrity.IntegrityWithdrawalView.as_view(),
        name="api-integrity-withdraw",
    ),
    path("<uuid:nomination_id>/appeal/", appeals.AppealView.as_view(), name="api-nomination-appeal"),
    path(
        "<uuid:nomination_id>/appeal/decide/", appeals.AppealDecideView.as_view(), name="api-nomination-appeal-decide"
    ),
    path(
        "<uuid:nomination_id>/appeal/documents/<uuid:entry_id>/",
        appeals.AppealDocumentView.as_view(),
        name="api-appeal-document",
    ),
    path("<uuid:nomination_id>/objections/", reviews.ObjectionListView.as_view(), name="api-objection-list"),
]
