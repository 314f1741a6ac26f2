"""The addresses of the site."""

from django.urls import path

from bench.references.django_site import views

urlpatterns = [
    path("", views.home),
    path("inquiries", views.receive),
    path("inquiries/sent", views.sent),
    path("healthz", views.health),
]
