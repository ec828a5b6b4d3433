"""Why a file is not taken, or not given yet."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from hub.base.errors import BadFrame, Busy, Conflict, TooFast, TooLarge


class FileRefused(BadFrame):
    """It was read, and is not taken. `reason` says why in one word."""

    reason = ""

    def __init__(self) -> None:
        super().__init__(reason=self.reason)


class EmptyFile(FileRefused):
    reason = "empty"
    message = gettext_noop("This file is empty.")


class FileLies(FileRefused):
    reason = "lies"
    message = gettext_noop("This file is not what its name says it is.")


class KindNotAccepted(FileRefused):
    reason = "kind"
    message = gettext_noop("Files of this kind are not accepted.")


class TooManyPixels(FileRefused):
    reason = "pixels"
    message = gettext_noop("This picture has more pixels than we can handle.")


class UnreadablePicture(FileRefused):
    reason = "unreadable"
    message = gettext_noop("This picture cannot be read. It may be damaged.")


class UnpacksTooLarge(FileRefused):
    reason = "bomb"
    message = gettext_noop("This archive would unpack to far more than it should.")


REFUSALS: dict[str, type[FileRefused]] = {one.reason: one for one in FileRefused.__subclasses__()}


class FileTooLarge(TooLarge):
    message = gettext_noop("This file is too large. A file may have at most %(megabytes)s MB.")

    def __init__(self, bytes_max: int) -> None:
        super().__init__(megabytes=bytes_max // 1_000_000, bytes_max=bytes_max)


class QuotaFull(TooLarge):
    message = gettext_noop("There is no room left for this file: %(used)s of %(quota)s MB are in use.")


class TooManyFiles(TooLarge):
    message = gettext_noop("At most %(most)s files go with one message.")

    def __init__(self, most: int) -> None:
        super().__init__(most=most)


class TooManyUploads(TooFast):
    message = gettext_noop("Too many uploads are under way. Please let them finish first.")


class StorageFull(Busy):
    message = gettext_noop("There is no room for files at the moment. Please try again later.")


class WrongOffset(Conflict):
    """`offset` is where the next part begins."""

    message = gettext_noop("This part does not begin where the last one ended.")

    def __init__(self, offset: int) -> None:
        super().__init__(offset=offset)


class UploadUnfinished(Conflict):
    message = gettext_noop("One of the files has not arrived completely yet.")


class StillChecked(Conflict):
    message = gettext_noop("This file is still being checked. Please try again in a moment.")
