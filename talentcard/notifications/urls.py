from django.urls import path

from talentcard.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.message_list, name="message-list"),
    path("read/", views.message_mark_read, name="message-mark-read"),
    path("sms/", views.message_sms, name="message-sms"),
]
