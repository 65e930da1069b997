"""New contents of files in, files wholly written or wholly as they were out.

Everything is first staged in temporary files beside the targets. When nothing can go wrong any
more they are flushed to the disk, and then renamed over the targets in the order of their steps.
Where a rename would break something (a hard link, a folder that may not be written, an owner that
may not be set) the file is written in place, and a copy of the old content is kept until that is
done.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable
from typing import NamedTuple

from erdgen.errors import Diagnostic, FileError, Place

_SUFFIX_NEW = ".erdgen-new"
_SUFFIX_COPY = ".erdgen-copy"
_LONGEST_NAME = 200
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | getattr(os, "O_BINARY", 0)


class Seen(NamedTuple):
    """What tells whether a file is still the one that was read."""

    real: str
    inode: int
    size: int
    modified: int


def look_at(path: str) -> Seen:
    """Return what a file is now.

    Raises:
        OSError: It cannot be looked at.
    """
    real = os.path.realpath(path)
    found = os.stat(real)
    return Seen(real, found.st_ino, found.st_size, found.st_mtime_ns)


class _Change:
    """A file to be written.

    `temporary` holds its new content. With `in_place` that file is not renamed: it keeps room on
    the disk until the bytes are written over the old ones; it is empty where none may be made.
    `copy` is where the old content is kept meanwhile.
    """

    # plain classes here: whoever writes one file waits for the making of a dataclass
    __slots__ = ("copy", "data", "in_place", "name", "real", "seen", "step", "temporary")

    def __init__(self, name: str, real: str, seen: Seen | None, step: int) -> None:
        self.name, self.real, self.seen, self.step = name, real, seen, step
        self.temporary = self.copy = ""
        self.data = b""
        self.in_place = False


class Changes:
    """The files that a run writes; nothing is changed before `commit`.

    Attributes:
        own: What the names of helper files hold where several runs may write at once; empty for
            a run that holds the folder (`locks.locked`).
    """

    __slots__ = ("items", "made", "own")

    def __init__(self, own: str = "") -> None:
        self.own = own
        self.items: dict[str, _Change] = {}
        self.made: list[str] = []

    @property
    def count(self) -> int:
        """How many files are staged."""
        return len(self.items)

    def stage(self, name: str, path: str, data: bytes, *, seen: Seen | None, step: int) -> None:
        """Write the new content of a file beside it.

        Args:
            name: The file's name for messages.
            path: The file; a symlink is followed.
            data: Its new content.
            seen: What the file was when it was read; None if it need not exist.
            step: Files of a lower step reach the disk before those of a higher one are renamed.

        Raises:
            FileError: It cannot be written; what was staged before is taken back.
        """
        try:
            self._stage(name, os.path.realpath(path), data, seen, step)
        except (OSError, ValueError) as error:
            self.discard()
            raise unwritable(name, error) from error
        except FileError:
            self.discard()
            raise

    def _stage(self, name: str, real: str, data: bytes, seen: Seen | None, step: int) -> None:
        try:
            old: os.stat_result | None = os.stat(real)
        except FileNotFoundError:
            old = None
            self._make_folder(os.path.dirname(real))
        if old is not None:
            _check_writable(name, real, old)
        if real in self.items:
            message = "two outputs of a run are this one file"
            raise FileError(Diagnostic("double-output", message, Place(name)))
        change = _Change(name, real, seen, step)
        change.copy = _beside(real, self.own, _SUFFIX_COPY)
        temporary = _beside(real, self.own, _SUFFIX_NEW)
        change.temporary, fits = _write_beside(temporary, real, data, old)
        if not fits:
            change.in_place, change.data = True, data
        self.items[real] = change

    def _make_folder(self, folder: str) -> None:
        missing = []
        while not os.path.isdir(folder):
            missing.append(folder)
            folder = os.path.dirname(folder)
        for path in reversed(missing):
            os.mkdir(path)
            self.made.append(path)

    def commit(self, *, lasting: bool = True) -> None:
        """Put everything in its place, by steps.

        Args:
            lasting: Whether a power cut must leave the old or the new; what can be drawn again at
                any time need not wait for the disk.

        Raises:
            FileError: A file was changed by another program since it was read (then nothing is
                written), or a file cannot be written.
        """
        try:
            for change in self.items.values() if lasting else ():
                _flush(change)
            self._check_unchanged()
            for step in sorted({change.step for change in self.items.values()}):
                now = [change for change in self.items.values() if change.step == step]
                # what may still fail comes first
                for change in sorted(now, key=lambda item: not item.in_place):
                    _put(change)
                if lasting:
                    _flush_folders(os.path.dirname(change.real) for change in now)
            self.made.clear()
        finally:
            self.discard()

    def _check_unchanged(self) -> None:
        for change in self.items.values():
            if change.seen is None:
                continue
            try:
                same = look_at(change.seen.real) == change.seen
            except OSError:
                same = False
            if not same:
                message = "the file was changed by another program while erdgen was at work"
                help_ = "nothing was written; run it again"
                raise FileError(Diagnostic("file-changed", message, Place(change.name), help_))

    def discard(self) -> None:
        """Take back what is staged and not yet in its place."""
        for change in self.items.values():
            if change.temporary:
                with contextlib.suppress(OSError):
                    os.unlink(change.temporary)
        self.items.clear()
        for folder in reversed(self.made):
            with contextlib.suppress(OSError):
                os.rmdir(folder)
        self.made.clear()


def unwritable(name: str, error: OSError | ValueError) -> FileError:
    """Return the error for a file that cannot be written."""
    message = f"cannot be written: {getattr(error, 'strerror', None) or error}"
    return FileError(Diagnostic("unwritable-file", message, Place(name), "it is as it was"))


def check_interrupted(real: str, name: str) -> None:
    """See that no earlier run was stopped while it wrote a file (by its real path) in place.

    Raises:
        FileError: There is a copy of the old content beside the file, and they differ.
    """
    copy = _beside(real, "", _SUFFIX_COPY)
    if os.path.lexists(copy):
        with contextlib.suppress(OSError), open(real, "rb") as now, open(copy, "rb") as before:
            if now.read() == before.read():
                os.unlink(copy)
                return
        shown = os.path.join(os.path.dirname(name), os.path.basename(copy))
        message = f"a run was stopped while it wrote this file; its old content is in {shown}"
        help_ = "compare the two, keep the right one under the file's name, delete the copy"
        raise FileError(Diagnostic("interrupted-write", message, Place(name), help_))


def _check_writable(name: str, real: str, old: os.stat_result) -> None:
    if not stat.S_ISREG(old.st_mode):
        message = "cannot be written: it is no regular file"
        raise FileError(Diagnostic("unwritable-file", message, Place(name)))
    if not os.access(real, os.W_OK):
        # a rename would get around the mark that somebody has set on purpose
        message = "cannot be written: it is read-only"
        raise FileError(Diagnostic("read-only-file", message, Place(name), f"chmod u+w {name}"))


def _beside(real: str, own: str, suffix: str) -> str:
    """Return the name of a helper file.

    Without a mark of one's own it is always the same, so that killed runs leave one at most; two
    runs don't meet in it because of the lock (`locks.locked`).
    """
    folder, name = os.path.split(real)
    if len(os.fsencode(name)) > _LONGEST_NAME:
        import zlib  # only for a very long name: start-up time

        name = f"{name[:40]}-{zlib.crc32(os.fsencode(name)):08x}"
    return os.path.join(folder, f".{name}.{own}{suffix}" if own else f".{name}{suffix}")


def _write_beside(
    temporary: str, real: str, data: bytes, old: os.stat_result | None
) -> tuple[str, bool]:
    """Return the temporary file with the new content (empty for none), and if it may be renamed.

    Raises:
        OSError: It cannot be written for another reason than the folder's permissions, such as
            a full disk.
    """
    try:
        descriptor = _create(temporary, 0o666 if old is None else 0o600)
    except OSError as error:
        if old is not None and (isinstance(error, PermissionError) or _is_read_only(error)):
            return "", False
        raise
    try:
        try:
            _write_all(descriptor, data)
            fits = old is None or (old.st_nlink == 1 and _keep_attributes(descriptor, real, old))
        finally:
            os.close(descriptor)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    return temporary, fits


def _is_read_only(error: OSError) -> bool:
    import errno  # only after a failure: start-up time

    return error.errno == errno.EROFS


def _create(path: str, mode: int) -> int:
    try:
        return os.open(path, _FLAGS, mode)
    except FileExistsError:
        # a killed run left it: whoever holds the lock may take the name
        os.unlink(path)
        return os.open(path, _FLAGS, mode)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _keep_attributes(descriptor: int, real: str, old: os.stat_result) -> bool:
    """Give the new file the old one's owner, mode and extended attributes; False if one won't."""
    if not hasattr(os, "fchown"):  # Windows
        return True
    new = os.fstat(descriptor)
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        try:
            os.fchown(descriptor, old.st_uid, old.st_gid)
        except OSError:
            return False
    os.fchmod(descriptor, stat.S_IMODE(old.st_mode))
    if hasattr(os, "listxattr"):
        with contextlib.suppress(OSError):
            for name in os.listxattr(real):
                os.setxattr(descriptor, name, os.getxattr(real, name))
    return True


def _flush(change: _Change) -> None:
    """See that the new content is on the disk before any file gets it."""
    if not change.temporary:
        return
    try:
        descriptor = os.open(change.temporary, os.O_WRONLY | getattr(os, "O_BINARY", 0))
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise unwritable(change.name, error) from error


def _put(change: _Change) -> None:
    try:
        if change.in_place:
            _write_in_place(change)
        else:
            os.replace(change.temporary, change.real)
            change.temporary = ""
    except OSError as error:
        raise unwritable(change.name, error) from error


def _write_in_place(change: _Change) -> None:
    """Write over a file, with a copy of its old content beside it (or where there is room)."""
    with open(change.real, "rb") as file:
        old = file.read()
    copy = _keep_copy(change.copy, old)
    if change.temporary:
        os.unlink(change.temporary)
        change.temporary = ""
    descriptor = os.open(change.real, os.O_WRONLY | getattr(os, "O_BINARY", 0))
    try:
        try:
            if len(change.data) > len(old) and hasattr(os, "posix_fallocate"):
                # a full disk shows here, before the first byte is changed
                os.posix_fallocate(descriptor, 0, len(change.data))
            _overwrite(descriptor, change.data)
        except OSError:
            _overwrite(descriptor, old)
            os.unlink(copy)
            raise
    finally:
        os.close(descriptor)
    os.unlink(copy)


def _overwrite(descriptor: int, data: bytes) -> None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    _write_all(descriptor, data)
    os.ftruncate(descriptor, len(data))
    os.fsync(descriptor)


def _keep_copy(copy: str, data: bytes) -> str:
    """Return the path of a file with the old content, safely on the disk: `copy` if that can be."""
    try:
        descriptor = _create(copy, 0o600)
    except OSError:
        import tempfile  # only where the folder takes no new file: start-up time

        name = os.path.basename(copy).removeprefix(".")[:40]
        descriptor, copy = tempfile.mkstemp(_SUFFIX_COPY, f"{name}.")
    try:
        _write_all(descriptor, data)
        os.fsync(descriptor)
    except OSError:
        os.unlink(copy)
        raise
    finally:
        os.close(descriptor)
    return copy


def _flush_folders(folders: Iterable[str]) -> None:
    """Make renames safe against a power cut (Windows cannot open a folder)."""
    for folder in dict.fromkeys(folders):
        with contextlib.suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
