from django.urls import path

from cards.nominations.views import answers, cases, experts, imports, nominators, notices, officers, stops, window

app_name = "nominations"
urlpatterns = [
    path("", cases.nomination_list, name="nomination-list"),
    path("new/", nominators.nomination_create, name="nomination-create"),
    path("window/new/", window.window_create, name="window-create"),
    path("mine/", cases.nomination_mine, name="nomination-mine"),
    path("inbox/", officers.nomination_inbox, name="nomination-inbox"),
    path("inbox/decide/", officers.nomination_decide_many, name="nomination-decide-many"),
    path("import/", imports.nomination_import, name="nomination-import"),
    path("imports/<uuid:pk>/", imports.import_detail, name="import-detail"),
    path("imports/<uuid:pk>/apply/", imports.import_apply, name="import-apply"),
    path("imports/<uuid:pk>/report/", imports.import_report, name="import-report"),
    path("answer/", answers.answer, name="answer"),
    path("answer/recorded/", answers.answer_recorded, name="answer-recorded"),
    path("asked/<uuid:pk>/drop/", experts.expert_drop, name="expert-drop"),
    path("asked/<uuid:pk>/resend/", experts.link_resend, name="link-resend"),
    path("notices/", notices.notice_list, name="notice-list"),
    path("notices/objected/", notices.objection_thanks, name="objection-thanks"),
    path("notices/<uuid:pk>/", notices.notice_detail, name="notice-detail"),
    path("notices/<uuid:pk>/object/", notices.objection_create, name="objection-create"),
    path("objections/<uuid:pk>/resolve/", officers.objection_resolve, name="objection-resolve"),
    path("evidence/<uuid:pk>/", cases.evidence_download, name="evidence-download"),
    path("evidence/<uuid:pk>/remove/", nominators.evidence_remove, name="evidence-remove"),
    path("<uuid:pk>/", cases.nomination_detail, name="nomination-detail"),
    path("<uuid:pk>/edit/", nominators.nomination_update, name="nomination-update"),
    path("<uuid:pk>/contact/", nominators.nomination_contact, name="nomination-contact"),
    path("<uuid:pk>/submit/", nominators.nomination_submit, name="nomination-submit"),
    path("<uuid:pk>/withdraw/", nominators.nomination_withdraw, name="nomination-withdraw"),
    path("<uuid:pk>/evidence/", nominators.evidence_create, name="evidence-create"),
    path("<uuid:pk>/duplicates/", stops.duplicate_list, name="duplicate-list"),
    path("<uuid:pk>/duplicates/<uuid:other>/decide/", stops.duplicate_decide, name="duplicate-decide"),
    path("<uuid:pk>/reject/", stops.stopped_reject, name="stopped-reject"),
    path("<uuid:pk>/experts/", experts.expert_name, name="expert-name"),
    path("<uuid:pk>/review/", officers.nomination_review, name="nomination-review"),
]
