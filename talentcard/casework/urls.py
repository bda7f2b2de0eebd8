from django.urls import path

from talentcard.casework import decision_views, rating_views, views

app_name = "casework"
urlpatterns = [
    path("office/", views.office, name="office"),
    path("absences/", views.absence_list, name="absence-list"),
    path("absences/<uuid:pk>/cancel/", views.absence_cancel, name="absence-cancel"),
    path("items/<uuid:pk>/claim/", views.item_claim, name="item-claim"),
    path("items/<uuid:pk>/release/", views.item_release, name="item-release"),
    path("items/<uuid:pk>/hand-over/", views.item_hand_over, name="item-hand-over"),
    path("ratings/", rating_views.satisfaction, name="satisfaction"),
    path("ratings/<uuid:pk>/", rating_views.rating_detail, name="rating-detail"),
    path("decisions/<uuid:pk>/", decision_views.decision_detail, name="decision-detail"),
    path("decisions/<uuid:pk>/pdf/", decision_views.decision_pdf, name="decision-pdf"),
]
