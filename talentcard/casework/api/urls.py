from django.urls import path

from talentcard.casework.api import decisions, ratings, views

urlpatterns = [
    path("work-items/", views.WorkItemListView.as_view(), name="api-work-item-list"),
    path("work-items/<uuid:item_id>/claim/", views.WorkItemClaimView.as_view(), name="api-work-item-claim"),
    path("work-items/<uuid:item_id>/release/", views.WorkItemReleaseView.as_view(), name="api-work-item-release"),
    path("work-items/<uuid:item_id>/hand-over/", views.WorkItemHandOverView.as_view(), name="api-work-item-hand-over"),
    path("absences/", views.AbsenceListView.as_view(), name="api-absence-list"),
    path("absences/<uuid:absence_id>/", views.AbsenceDetailView.as_view(), name="api-absence-detail"),
    path("decisions/<uuid:decision_id>/", decisions.DecisionDetailView.as_view(), name="api-decision-detail"),
    path("decisions/<uuid:decision_id>/pdf/", decisions.DecisionPdfView.as_view(), name="api-decision-pdf"),
    path("ratings/satisfaction/", ratings.SatisfactionView.as_view(), name="api-satisfaction"),
    path("ratings/<uuid:rating_id>/", ratings.RatingDetailView.as_view(), name="api-rating-detail"),
    path("ratings/<uuid:rating_id>/answer/", ratings.RatingAnswerView.as_view(), name="api-rating-answer"),
]
