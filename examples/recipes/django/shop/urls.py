from django.urls import path

from shop.views import receive, take

urlpatterns = [path("photos", take), path("hooks", receive)]
