"""Importer of the library that is carried in the executable.

The library is one entry of sys.path, so that modules in front of it hide its
own, as files of a directory would.  Its directory need not exist: modules are
made from bytecode in the executable, and sources come from there, too.
"""

import sys
import _taipan_archive as _archive
import _frozen_importlib_external as _external
from _frozen_importlib import _call_with_frames_removed

_DIRECTORY = _archive.directory()


class LibraryLoader(_external.SourceFileLoader):

    """Loads modules of the carried library."""

    def get_code(self, fullname):
        return _archive.code(fullname, self.path)

    def exec_module(self, module):
        code = _archive.code(self.name, self.path)
        _call_with_frames_removed(exec, code, module.__dict__)

    def get_source(self, fullname):
        return _archive.source(fullname)

    def get_data(self, path):
        """Data of a file in the library's directory."""
        if path.startswith(_DIRECTORY + '/'):
            data = _archive.contents(path[len(_DIRECTORY) + 1:])
            if data is not None:
                return data
        return super().get_data(path)

    def get_resource_reader(self, name):
        if self.is_package(name):
            from _taipan_resources import LibraryReader
            return LibraryReader(self)
        return None

    def path_stats(self, path):
        raise OSError

    def set_data(self, path, data, *, _mode=0o666):
        pass


class LibraryFinder:

    """Finds modules in a directory of the carried library."""

    def __init__(self, path):
        self.path = path
        package = path[len(_DIRECTORY) + 1:].replace('/', '.')
        self._prefix = package + '.' if package else ''

    def find_spec(self, fullname, target=None):
        name = self._prefix + fullname.rpartition('.')[2]
        package = _archive.find(name)
        if package is None:
            return None
        path = f'{_DIRECTORY}/{name.replace(".", "/")}'
        locations = None
        if package:
            locations = [path]
            path += '/__init__'
        path += '.py'
        return _external.spec_from_file_location(
            fullname, path, loader=LibraryLoader(fullname, path),
            submodule_search_locations=locations)

    def invalidate_caches(self):
        """The library does not change."""

    def iter_modules(self, prefix=''):
        """Modules for pkgutil.iter_modules()."""
        for name, package in _archive.modules():
            if name.startswith(self._prefix):
                name = name[len(self._prefix):]
                if '.' not in name:
                    yield prefix + name, package

    def __repr__(self):
        return f'{type(self).__name__}({self.path!r})'


def _path_hook(path):
    if path == _DIRECTORY or (
            path.startswith(_DIRECTORY + '/')
            and _archive.find(path[len(_DIRECTORY) + 1:].replace('/', '.'))):
        return LibraryFinder(path)
    raise ImportError('not a directory of the library', path=path)


def _archive_hook(path):
    """The importer of a zip file, or of a folder in one."""
    file = path
    while file and not _external._path_isfile(file):
        parent = _external._path_split(file)[0]
        if parent == file or _external._path_isdir(parent):
            raise ImportError('not an archive', path=path)
        file = parent
    if not file:
        raise ImportError('not an archive', path=path)
    # Few programs need it.
    from zipimport import zipimporter
    return zipimporter(path)


def install():
    """Enters the importer in sys.path_hooks, and one for archives behind the others."""
    sys.path_hooks.insert(0, _path_hook)
    sys.path_hooks.append(_archive_hook)


def unpack(directory=_DIRECTORY):
    """Writes the library's files into a directory."""
    import os
    for path in _archive.files():
        target = os.path.join(directory, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, 'wb') as file:
            file.write(_archive.contents(path))
