//! Small changes to files of `Lib`: places that speak of another runtime, and places where ours
//! differs. Each text must occur exactly once in its file, or the build fails.

/// File, text, what stands there instead.
pub const EDITS: &[(&str, &str, &str)] = &[
    (
        "site.py",
        "    return 'RustPython' # XXX: RUSTPYTHON; for site-packages\n",
        "    return 'Taipan'\n",
    ),
    (
        "site.py",
        "    # XXX: RUSTPYTHON\n    return f'{userbase}/lib/rustpython{version",
        "    return f'{userbase}/lib/{implementation_lower}{version",
    ),
    (
        "sysconfig/__init__.py",
        "    return 'RustPython'  # XXX: RUSTPYTHON; For site-packages\n",
        "    return 'Taipan'\n",
    ),
    (
        "platform.py",
        "        # XXX: RUSTPYTHON support\n        if \"RustPython\" in sys_version:\n            \
         name = \"RustPython\"\n        else:\n            name = 'CPython'\n",
        "        name = 'Taipan'\n",
    ),
    (
        "io.py",
        "                 open, open_code, BytesIO,",
        "                 open, open_code, FileIO, BytesIO,",
    ),
    (
        "io.py",
        "# XXX: RUSTPYTHON; FileIO needs host_env, optional without it\ntry:\n    \
         from _io import FileIO\nexcept ImportError:\n    FileIO = None\n",
        "",
    ),
    (
        "io.py",
        "if FileIO is not None:  # XXX: RUSTPYTHON; see the try/except above\n    \
         RawIOBase.register(FileIO)\n",
        "RawIOBase.register(FileIO)\n",
    ),
    (
        "json/decoder.py",
        "    # RUSTPYTHON SPECIFIC\n    @classmethod\n    def _from_serde(cls, msg, doc, line, col):\n        \
         pos = 0\n        # 0-indexed\n        line -= 1\n        col -= 1\n        \
         while line > 0:\n            i = doc.index('\\n', pos)\n            line -= 1\n            \
         pos = i\n        pos += col\n        return cls(msg, doc, pos)\n\n",
        "",
    ),
    (
        "_compat_pickle.py",
        "# NOTE: RUSTPYTHON exceptions\ntry:\n    JitError\nexcept NameError:\n    pass\nelse:\n    \
         PYTHON2_EXCEPTIONS += (\"JitError\",)\n\n",
        "",
    ),
    // Damaged bytecode is compiled anew, in silence.
    (
        "importlib/_bootstrap_external.py",
        "                        return _compile_bytecode(bytes_data, name=fullname,\n                                                 \
         bytecode_path=bytecode_path,\n                                                 source_path=source_path)\n",
        "                        try:\n                            return _compile_bytecode(\n                                \
         bytes_data, name=fullname,\n                                bytecode_path=bytecode_path,\n                                \
         source_path=source_path)\n                        except (EOFError, ImportError, ValueError, TypeError) as exc:\n                            \
         _bootstrap._verbose_message('{} is damaged: {}',\n                                                        bytecode_path, exc)\n",
    ),
    // Files are read and written without `_io`, which is quicker, and lets importers come up first.
    (
        "importlib/_bootstrap_external.py",
        "import _imp\nimport _io\nimport sys\n",
        "import _imp\nimport sys\n",
    ),
    (
        "importlib/_bootstrap_external.py",
        "            with _io.open_code(str(path)) as file:\n                return file.read()\n",
        "            return _imp._read_file(str(path))\n",
    ),
    (
        "importlib/_bootstrap_external.py",
        "        else:\n            with _io.FileIO(path, 'r') as file:\n                return file.read()\n",
        "        else:\n            return _imp._read_file(path)\n",
    ),
    (
        "importlib/_bootstrap_external.py",
        "        with _io.open(fd, 'wb') as file:\n            file.write(data)\n",
        "        try:\n            data = memoryview(data)\n            while data:\n                \
         data = data[_os.write(fd, data):]\n        finally:\n            _os.close(fd)\n",
    ),
    (
        "importlib/_bootstrap_external.py",
        "    import tokenize  # To avoid bootstrap issues.\n",
        "    import _io\n    import tokenize  # To avoid bootstrap issues.\n",
    ),
    (
        "importlib/_bootstrap_external.py",
        "        if spec.origin.endswith(\".fwork\"):\n            with _io.FileIO(spec.origin, 'r') as file:\n                \
         framework_binary = file.read().decode().strip()\n",
        "        if spec.origin.endswith(\".fwork\"):\n            \
         framework_binary = _imp._read_file(spec.origin).decode().strip()\n",
    ),
    (
        "importlib/_bootstrap_external.py",
        "            with _io.FileIO(self.path + \".origin\", 'r') as file:\n                \
         origin = file.read().decode().strip()\n                \
         bundle_path = _path_split(sys.executable)[0]\n                \
         path = _path_join(bundle_path, origin)\n",
        "            origin = _imp._read_file(self.path + \".origin\").decode().strip()\n            \
         bundle_path = _path_split(sys.executable)[0]\n            path = _path_join(bundle_path, origin)\n",
    ),
    // Sources of frozen modules are carried, too.
    (
        "importlib/_bootstrap.py",
        "        \"\"\"Return None as frozen modules do not have source code.\"\"\"\n        return None\n",
        "        \"\"\"Return the source code of a library module, None for others.\"\"\"\n        \
         if fullname.startswith('__'):\n            return None\n        import _taipan_archive\n        \
         return _taipan_archive.source(_imp.find_frozen(fullname)[2])\n",
    ),
    // What later versions of 3.14 have mended: both made their callers wait without end.
    (
        "asyncio/streams.py",
        "            res = self._client_connected_cb(reader, writer)\n",
        "            try:\n                res = self._client_connected_cb(reader, writer)\n            \
         except Exception as failure:\n                self._loop.call_exception_handler({\n                    \
         'message': 'Unhandled exception in client_connected_cb',\n                    \
         'exception': failure, 'transport': transport})\n                \
         self._strong_reader = None\n                transport.close()\n                return\n",
    ),
    (
        "asyncio/base_subprocess.py",
        "        self._call(self._protocol.process_exited)\n",
        "        self._call(self._protocol.process_exited)\n        \
         # A pipe that a grandchild keeps open must not keep those who wait.\n        \
         for waiter in self._exit_waiters or ():\n            if not waiter.done():\n                \
         waiter.set_result(returncode)\n",
    ),
];

/// The text of a file with its edits made.
pub fn edited(path: &str, text: String) -> Result<String, String> {
    let mut text = text;
    for (_, from, to) in EDITS.iter().filter(|e| e.0 == path) {
        let places = text.matches(from).count();
        if places != 1 {
            return Err(format!("an edit fits in {places} places: {from}"));
        }
        text = text.replacen(from, to, 1);
    }
    Ok(text)
}
