import type { Schema } from './types.ts';

/** How an image came in. */
export const imageStatuses = ['received', 'stored', 'processed', 'rejected', 'failed'] as const;
export type ImageStatus = (typeof imageStatuses)[number];

const image = {
  image_id: 'uuid',
  owner: 'text',
  source: 'text',
  status: 'text',
  content_type: 'text?',
  bytes: 'bigint?',
  width: 'int?',
  height: 'int?',
  sha256: 'text?',
  correlation_id: 'text',
  uploaded_at: 'instant',
  delete_at: 'instant',
  failure_code: 'text?',
  failure_message: 'text?',
} as const;

const variant = {
  image_id: 'uuid',
  name: 'text',
  content_type: 'text',
  width: 'int',
  height: 'int',
  bytes: 'bigint',
  sha256: 'text',
  /** Blob name in the container `processed`. */
  path: 'text',
  processor: 'text',
  processor_version: 'text',
  created_at: 'instant',
} as const;

const fact = {
  image_id: 'uuid',
  /** `blurhash`, `dominantColour`, whatever a processor answers beside its variants. */
  name: 'text',
  value: 'json',
  processor: 'text',
  processor_version: 'text',
} as const;

/** How its sender named an image that came by Kafka. */
const sender = { sender_source: 'text?', sender_id: 'text?' } as const;

/** `created`, `exists` (nothing changed) or `erased` (the ledger holds this id: store nothing). */
const outcome = { outcome: 'text' } as const;

/** An entry of the ledger; what only an erasure has is null where an image was received. */
export const ledgerEntry = {
  entry: 'bigint',
  /** Its place in the Merkle tree; null until the next checkpoint. */
  leaf_index: 'bigint?',
  /** `received`, or why it was erased: `retention`, `erasure` (on request) or `sweep`. */
  kind: 'text',
  /** SHA-256 of `darkroom-commitment:{salt}:{image_id}`, hex. */
  commitment: 'text',
  /** ISO 8601 UTC with milliseconds, as text, as are the other times: exactly what was hashed. */
  due_at: 'text',
  /** SHA-256 of `darkroom-image:{image_id}`, hex. */
  image_digest: 'text?',
  salt: 'text?',
  blobs: 'int?',
  bytes: 'bigint?',
  lake_rows: 'int?',
  uploaded_at: 'text?',
  erased_at: 'text?',
  /** Ed25519 by the ledger's key, base64, over the leaf: nobody else can add an erasure. */
  signature: 'text?',
} as const;

const checkpoint = { log: 'text', size: 'bigint', note: 'text', published_at: 'instant' } as const;

const deadLetter = {
  /** Where it is in the dead-letter hub. */
  partition: 'text',
  sequence_number: 'bigint',
  /** Where the event came from. */
  origin_hub: 'text',
  origin_partition: 'text',
  origin_offset: 'text',
  stage: 'text',
  code: 'text',
  message: 'text',
  attempts: 'int',
  image_id: 'uuid?',
  payload_bytes: 'bigint',
  /** Blob name in `dead-letters` when the payload did not fit the hub. */
  claim_check: 'text?',
  dead_at: 'instant',
  expires_at: 'instant',
} as const;

/** The latest change of a reader on one topic: `pause`, `rerun`, `limit`, `position` or `log`. */
const readerState = { hub: 'text', topic: 'text', action: 'text', detail: 'json?', at: 'instant' } as const;
const readerChange = { ...readerState, actor: 'text', reason: 'text' } as const;

export const imagingCatalog = {
  storage_writer: {
    views: {
      /** Images by when they are due; the purge takes those with delete_at <= now, oldest first. */
      images: { key: ['image_id'], columns: image },
      image_variants: { key: ['image_id', 'name'], columns: variant },
      /** Dead-letter payloads kept as blobs, for purge and sweep. */
      dead_letter_payloads: {
        key: ['partition', 'sequence_number'],
        columns: {
          partition: 'text',
          sequence_number: 'bigint',
          image_id: 'uuid?',
          claim_check: 'text?',
          expires_at: 'instant',
        },
      },
      /** Digests of what was erased. */
      erased: { key: ['image_digest'], columns: { image_digest: 'text', erased_at: 'text' } },
      /** Erasures that have begun and not ended. */
      erasures: {
        key: ['image_id'],
        columns: { image_id: 'uuid', kind: 'text', uploaded_at: 'instant', delete_at: 'instant' },
      },
      /** Entries that have a place in the tree. */
      ledger: { key: ['leaf_index'], columns: { ...ledgerEntry, leaf_index: 'bigint' } },
      /** Entries that the next checkpoint gives a place, in the order of `entry`. */
      ledger_waiting: { key: ['entry'], columns: ledgerEntry },
      ledger_checkpoints: { key: ['log', 'size'], columns: checkpoint },
      reader_states: { key: ['hub', 'topic'], columns: readerState },
    },
    procedures: {
      /** The row of an image whose bytes are stored and checked; status `stored`. Turns `failed` back into `stored`. */
      save_image: {
        idempotent: true,
        parameters: {
          image_id: 'uuid',
          owner: 'text',
          source: 'text',
          content_type: 'text',
          bytes: 'bigint',
          width: 'int',
          height: 'int',
          sha256: 'text',
          correlation_id: 'text',
          uploaded_at: 'instant',
          delete_at: 'instant',
          file_name: 'text?',
          at: 'instant',
          ...sender,
        },
        returns: outcome,
      },
      /** The row of something that is no image, without bytes. An image already `processed` stays so (`exists`). */
      reject_image: {
        idempotent: true,
        parameters: {
          image_id: 'uuid',
          owner: 'text',
          source: 'text',
          content_type: 'text?',
          bytes: 'bigint?',
          sha256: 'text?',
          correlation_id: 'text',
          uploaded_at: 'instant',
          delete_at: 'instant',
          file_name: 'text?',
          code: 'text',
          message: 'text',
          at: 'instant',
          ...sender,
        },
        returns: outcome,
      },
      /** Marks as `failed` (dead-lettered); makes the row where there is none. A `processed` image stays so. */
      fail_image: {
        idempotent: true,
        parameters: {
          image_id: 'uuid',
          owner: 'text',
          source: 'text',
          correlation_id: 'text',
          uploaded_at: 'instant',
          delete_at: 'instant',
          file_name: 'text?',
          code: 'text',
          message: 'text',
          at: 'instant',
          ...sender,
        },
        returns: outcome,
      },
      /**
       * Replaces variants and facts, and sets `processed`, in one transaction. `variants`: array of {name, contentType, width,
       * height, bytes, sha256, path, processor, processorVersion}; `facts`: array of {name, value, processor, processorVersion}.
       * Answers `saved`, `missing` (no such row) or `erased`, and the blob paths that are no longer referred to.
       */
      save_variants: {
        idempotent: true,
        parameters: { image_id: 'uuid', variants: 'json', facts: 'json', at: 'instant' },
        returns: { outcome: 'text', orphaned_paths: 'json' },
      },
      /**
       * Marks images as being erased: nothing of them can be saved from here on. `images`: array of {imageId, kind,
       * uploadedAt, deleteAt, blobs}; `blobs` are names with their bytes, added to those of an earlier, interrupted try.
       */
      begin_erasures: {
        idempotent: true,
        parameters: { images: 'json' },
        returns: { image_id: 'uuid', salt: 'text', blobs: 'json' },
      },
      /**
       * Removes all rows of images and adds one ledger entry each, in one transaction under the ledger's lock. `entries`: array of
       * {imageId, kind, salt, blobs, bytes, lakeRows, uploadedAt, dueAt, erasedAt, signature}. An id already in the ledger adds none.
       */
      erase_images: {
        idempotent: true,
        parameters: { entries: 'json' },
        returns: { image_id: 'uuid', outcome: 'text', sequence: 'bigint?' },
      },
      /**
       * What senders are to be told next, oldest first, for the one process at a time that sends it; forgets first what that
       * process has sent, and all of an image that was erased a day before `at`. `sent`: array of sequences. `outcome`:
       * processed, rejected, failed or erased. `epoch_at`: when the database was last restored, since which sequences come again.
       */
      take_outcomes: {
        idempotent: true,
        parameters: { holder: 'text', sent: 'json', at: 'instant' },
        returns: {
          ...{ sequence: 'bigint', image_id: 'uuid', outcome: 'text', owner: 'text', ...sender },
          ...{ code: 'text?', message: 'text?', at: 'instant', epoch_at: 'instant?' },
        },
      },
      /** Gives entries without one their place in the tree. Answers how many leaves there are. */
      sequence_ledger: { idempotent: true, parameters: {}, returns: { size: 'bigint' } },
      record_checkpoint: {
        idempotent: true,
        parameters: { log: 'text', size: 'bigint', note: 'text', at: 'instant' },
        returns: outcome,
      },
      /** After a restore: exports that follow write the lake anew. */
      begin_epoch: { parameters: { at: 'instant' }, returns: { epoch: 'uuid' } },
      /** Forgets claim checks whose blobs are gone. `claim_checks`: array of blob names. */
      forget_dead_letter_payloads: { idempotent: true, parameters: { claim_checks: 'json' }, returns: {} },
      /** Removes dead letters whose hub copy has expired and whose payload blob is gone. */
      forget_expired_dead_letters: {
        idempotent: true,
        parameters: { at: 'instant' },
        returns: { forgotten: 'bigint' },
      },
    },
  },
  storage_reader: {
    views: {
      /** `file_name`: what its sender called the file. */
      images: { key: ['image_id'], columns: { ...image, file_name: 'text?' } },
      image_variants: { key: ['image_id', 'name'], columns: variant },
      /** What serving a variant takes, in one look-up. */
      servable_variants: {
        key: ['image_id', 'name'],
        columns: {
          ...image,
          ...{ file_name: 'text?', name: 'text', variant_content_type: 'text', variant_width: 'int' },
          ...{ variant_height: 'int', variant_bytes: 'bigint', variant_sha256: 'text', path: 'text' },
          ...{ processor: 'text', processor_version: 'text' },
        },
      },
      image_facts: { key: ['image_id', 'name'], columns: fact },
      /** The timeline: received, stored, processed, rejected, failed, replayed, reprocessed; oldest first by `sequence`. */
      image_events: {
        key: ['sequence'],
        columns: { sequence: 'bigint', image_id: 'uuid', at: 'instant', event: 'text', detail: 'text?' },
      },
      /** What a receipt is made of. */
      ledger: { key: ['entry'], columns: ledgerEntry },
      ledger_checkpoints: { key: ['log', 'size'], columns: checkpoint },
    },
    procedures: {},
  },
  operations: {
    views: {
      dead_letters: {
        key: ['partition', 'sequence_number'],
        columns: { ...deadLetter, replays: 'int', last_outcome: 'text?' },
      },
      /** `is_open`: nobody replayed it with success, found it done, or discarded it. */
      dead_letter_counts: {
        key: ['code', 'stage', 'origin_hub', 'day', 'is_open'],
        columns: {
          ...{ code: 'text', stage: 'text', origin_hub: 'text', day: 'date', is_open: 'boolean' },
          ...{ dead_letters: 'bigint', images: 'bigint', first_at: 'instant', last_at: 'instant' },
        },
      },
      replays: {
        key: ['replay_id'],
        columns: {
          replay_id: 'bigint',
          partition: 'text',
          sequence_number: 'bigint',
          actor: 'text',
          reason: 'text',
          outcome: 'text',
          at: 'instant',
        },
      },
      /** The erasures in the ledger. */
      purges: {
        key: ['sequence'],
        columns: {
          sequence: 'bigint',
          leaf_index: 'bigint?',
          kind: 'text',
          commitment: 'text',
          image_digest: 'text',
          blobs: 'int',
          bytes: 'bigint',
          lake_rows: 'int',
          uploaded_at: 'text',
          due_at: 'text',
          erased_at: 'text',
        },
      },
      /** All of the ledger. */
      ledger: { key: ['entry'], columns: ledgerEntry },
      /** How the ledger knows each image that is here. */
      commitments: {
        key: ['image_id'],
        columns: { image_id: 'uuid', commitment: 'text', image_digest: 'text' },
      },
      image_counts: {
        key: ['status', 'source'],
        columns: { status: 'text', source: 'text', images: 'bigint', bytes: 'bigint', oldest: 'instant?' },
      },
      /**
       * `state`: `stored` or `failed` without a dead letter, or `erasure`. `since`: an erasure that is not due yet has a time to come.
       */
      unfinished_images: {
        key: ['image_id', 'state'],
        columns: {
          ...{ image_id: 'uuid', state: 'text', source: 'text?', failure_code: 'text?' },
          ...{ uploaded_at: 'instant', since: 'instant' },
        },
      },
      waiting_outcomes: { key: ['outcomes'], columns: { outcomes: 'bigint', oldest: 'instant?' } },
      /** How many live images each version of each processor made variants of. */
      processors: {
        key: ['processor', 'processor_version'],
        columns: { processor: 'text', processor_version: 'text', images: 'bigint', last_at: 'instant' },
      },
      /** What `reprocess` picks from. */
      images: { key: ['image_id'], columns: image },
      erased: { key: ['image_digest'], columns: { image_digest: 'text', erased_at: 'text' } },
      reader_states: { key: ['hub', 'topic'], columns: readerChange },
      /** Who did what to which reader, and why. */
      reader_changes: { key: ['change_id'], columns: { change_id: 'bigint', ...readerChange } },
    },
    procedures: {
      record_reader_change: {
        parameters: {
          hub: 'text',
          topic: 'text',
          action: 'text',
          reason: 'text',
          detail: 'json?',
          at: 'instant',
        },
        returns: { change_id: 'bigint' },
      },
      /** Idempotent by partition and sequence number: `created` or `exists`. */
      record_dead_letter: { idempotent: true, parameters: deadLetter, returns: outcome },
      /** `outcome`: applied, duplicate, fails-again, refused-erased or discarded. */
      record_replay: {
        parameters: {
          partition: 'text',
          sequence_number: 'bigint',
          reason: 'text',
          outcome: 'text',
          at: 'instant',
        },
        returns: { replay_id: 'bigint' },
      },
    },
  },
} as const satisfies Record<string, Schema>;
