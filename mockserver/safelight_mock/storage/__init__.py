"""Where sandboxes and files are kept.

Which module to open:

- `port`: the interfaces. `Persistence` is what another backend implements, `SandboxStore` what the
  application uses (several processes would implement it); `sqlite_store` persists, `memory` does not;
  `opening` chooses one
- `transaction`: the one way to read and change sandboxes; `working_copy`: a copy, kept whole or dropped
- `sandboxes`: the registry, with a lock for each sandbox; `leases`: who may advance a clock
- `capacity` evicts the least recently used idle sandbox and the oldest ended jobs for new ones; `eviction`:
  in which order; `pins`: which may not be
- `indexes`: what is known of all sandboxes together, such as what is due first
- `blobs`: inputs and results by digest, within a bound; evicts results first, then inputs that no job
  needs
- `upload_spool`: an upload that is arriving, in memory up to 256 KB, then on disk
- `integrity`: verifies files by digest; `disk_full`, and `NotStoredError` of `port`: what cannot
  be written is a 503
- `recent_digests`: the digests of the small files that came last, without hashing them again
- `body_readers`: parses bodies as they arrive and spools their files
- `inspector`, `single_flight`: decodes inputs once, however many requests need it
- `archive`: the file format of snapshots
- `data_dir`, `unserved`: the folder of `--data-dir`, and what of it this version does not serve
"""
