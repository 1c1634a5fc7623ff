"""Data files of the carried library, for importlib.resources."""

import io
from importlib.resources.abc import Traversable, TraversableResources

import _taipan_archive as _archive


class LibraryPath(Traversable):

    """A file or directory of the carried library; the path has no slash in front."""

    def __init__(self, path):
        self._path = path

    @property
    def name(self):
        return self._path.rpartition('/')[2]

    def iterdir(self):
        prefix = self._path + '/'
        names = {path[len(prefix):].partition('/')[0]
                 for path in _archive.files() if path.startswith(prefix)}
        for name in sorted(names):
            yield LibraryPath(prefix + name)

    def is_dir(self):
        prefix = self._path + '/'
        return any(path.startswith(prefix) for path in _archive.files())

    def is_file(self):
        return _archive.contents(self._path) is not None

    def read_bytes(self):
        data = _archive.contents(self._path)
        if data is None:
            raise FileNotFoundError(self._path)
        return data

    def open(self, mode='r', *args, **kwargs):
        stream = io.BytesIO(self.read_bytes())
        if 'b' in mode:
            return stream
        return io.TextIOWrapper(stream, *args, **kwargs)

    def joinpath(self, *descendants):
        parts = [part for path in descendants
                 for part in str(path).split('/') if part]
        return LibraryPath('/'.join([self._path, *parts]))

    __truediv__ = joinpath

    def __str__(self):
        return f'{_archive.directory()}/{self._path}'

    def __repr__(self):
        return f'{type(self).__name__}({self._path!r})'


class LibraryReader(TraversableResources):

    """Reads the data files of one package."""

    def __init__(self, loader):
        directory = loader.path.rpartition('/')[0]
        self._path = directory[len(_archive.directory()) + 1:]

    def files(self):
        return LibraryPath(self._path)
