"""Where sandboxes and files are kept.

Which module to open:

- `port`: what storage has to offer; in memory here, in a folder in `sqlite_store`
- `sandboxes`: the registry of sandboxes, with eviction; `transaction` changes them all or not at all
- `working_copy`: the copy of a sandbox that a handler works on
- `blobs`: inputs and results by digest; `integrity` verifies them, `disk_full` handles a full disk
- `recent_digests`: the digests of the small files that came last, without hashing them again
- `body_readers`: reads uploads as they arrive, into files where they are large
- `inspector`, `single_flight`: decodes inputs once, however many requests need it
- `archive`: the file format of snapshots
- `data_dir`, `unserved`: the folder of `--data-dir`, and what of it this version does not serve
"""
