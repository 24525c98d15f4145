from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BackupRecord(_message.Message):
    __slots__ = ("start", "table", "rows", "file", "contents", "end")
    START_FIELD_NUMBER: _ClassVar[int]
    TABLE_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    FILE_FIELD_NUMBER: _ClassVar[int]
    CONTENTS_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    start: BackupStart
    table: BackupTable
    rows: bytes
    file: BackupFile
    contents: bytes
    end: BackupEnd
    def __init__(self, start: _Optional[_Union[BackupStart, _Mapping]] = ..., table: _Optional[_Union[BackupTable, _Mapping]] = ..., rows: _Optional[bytes] = ..., file: _Optional[_Union[BackupFile, _Mapping]] = ..., contents: _Optional[bytes] = ..., end: _Optional[_Union[BackupEnd, _Mapping]] = ...) -> None: ...

class BackupStart(_message.Message):
    __slots__ = ("version", "migration", "time_ms")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    MIGRATION_FIELD_NUMBER: _ClassVar[int]
    TIME_MS_FIELD_NUMBER: _ClassVar[int]
    version: str
    migration: str
    time_ms: int
    def __init__(self, version: _Optional[str] = ..., migration: _Optional[str] = ..., time_ms: _Optional[int] = ...) -> None: ...

class BackupTable(_message.Message):
    __slots__ = ("name", "columns", "days")
    NAME_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    name: str
    columns: _containers.RepeatedScalarFieldContainer[str]
    days: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, name: _Optional[str] = ..., columns: _Optional[_Iterable[str]] = ..., days: _Optional[_Iterable[str]] = ...) -> None: ...

class BackupFile(_message.Message):
    __slots__ = ("path",)
    PATH_FIELD_NUMBER: _ClassVar[int]
    path: str
    def __init__(self, path: _Optional[str] = ...) -> None: ...

class BackupEnd(_message.Message):
    __slots__ = ("tables", "rows", "files")
    TABLES_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    tables: int
    rows: int
    files: int
    def __init__(self, tables: _Optional[int] = ..., rows: _Optional[int] = ..., files: _Optional[int] = ...) -> None: ...
