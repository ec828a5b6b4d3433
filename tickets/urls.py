"""Under /api/v1/."""

from django.urls import path

from tickets.api import files

urlpatterns = [
    path("files/", files.Files.as_view(), name="api-files"),
    path("files/<uuid:file_id>/", files.OneFile.as_view(), name="api-file"),
    path("files/<uuid:file_id>/content/", files.FileContent.as_view(), name="api-file-content"),
    path("files/<uuid:file_id>/preview/", files.FilePreview.as_view(), name="api-file-preview"),
]
