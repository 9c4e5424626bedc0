"""Program under test: takes photographs, and learns by webhooks when they are enlarged."""

import json

import requests
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shop.models import Photo

API = "https://api.topazlabs.com/image/v1"
KEY = {"X-API-Key": "key-of-the-shop"}


@require_POST
def take(request):
    data = {"webhook_url": "https://shop.example/hooks"}
    files = {"image": request.FILES["photo"]}
    response = requests.post(f"{API}/enhance/async", headers=KEY, data=data, files=files, timeout=9)
    if response.status_code == 402:
        return JsonResponse({"error": "we are out of credits"}, status=503)
    response.raise_for_status()
    photo = Photo.objects.create(job=response.json()["process_id"])
    return JsonResponse({"id": photo.id}, status=202)


@csrf_exempt
@require_POST
def receive(request):
    message = json.loads(request.body)
    photo = get_object_or_404(Photo, job=message["process_id"])
    if message["status"] == "Completed":
        response = requests.get(f"{API}/download/{photo.job}", headers=KEY, timeout=9)
        photo.state, photo.link = "ready", response.json()["download_url"]
    elif message["status"] == "Failed":
        photo.state = "failed"
    photo.save()
    return HttpResponse(status=204)
