from django.db import models


class Photo(models.Model):
    job = models.CharField(max_length=100, unique=True)
    state = models.CharField(max_length=20, default="working")
    link = models.URLField(max_length=2000)
