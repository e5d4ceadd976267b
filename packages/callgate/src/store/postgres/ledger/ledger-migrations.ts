import type { SubjectMigrations } from "../database/migrations.ts";

/**
 * One row a write. No index holds what changes while a write is under way, so that such a change touches no index.
 *
 * Claims and moves come in batches, as JSON, to a function each. A lock by subject, tool and digest lets equal writes
 * without a key, on any number of gates, find one row. Claims and moves are made in one order, that of their rows' keys, so
 * that two batches never wait for each other in a circle. `moved_by` names the claim or move that brought
 * a row to where it is: one whose answer was lost and that is sent again finds that it has been done.
 */
export const ledgerMigrations: SubjectMigrations = {
  subject: "ledger",
  steps: [
    `
    CREATE TABLE writes (
      position bigint GENERATED ALWAYS AS IDENTITY,
      created_at bigint NOT NULL,
      updated_at bigint NOT NULL,
      finished_at bigint,
      lease_until bigint NOT NULL,
      attempt bigint NOT NULL,
      id text PRIMARY KEY,
      subject text NOT NULL,
      tenant text,
      tool text NOT NULL,
      key text NOT NULL,
      digest text NOT NULL,
      contract_hash text NOT NULL,
      state text NOT NULL,
      owner text NOT NULL,
      call_id text NOT NULL,
      moved_by text NOT NULL,
      code text,
      settled_by text,
      note text,
      approval_id text,
      approval text,
      sealed_outcome bytea,
      sealed_request bytea
    ) WITH (fillfactor = 60);
    CREATE UNIQUE INDEX writes_key ON writes (subject, tool, key);
    CREATE UNIQUE INDEX writes_position ON writes (position);
    CREATE INDEX writes_open ON writes (subject, tool, digest) WHERE finished_at IS NULL;
    CREATE INDEX writes_equal ON writes (subject, tool, digest, finished_at) WHERE finished_at IS NOT NULL;
    CREATE INDEX writes_finished ON writes (finished_at) WHERE finished_at IS NOT NULL;
    CREATE UNIQUE INDEX writes_approval ON writes (approval_id) WHERE approval_id IS NOT NULL;

    CREATE FUNCTION claim_writes(given json) RETURNS TABLE (for_number int, outcome text, row_json json) LANGUAGE plpgsql AS $$
    DECLARE
      wish record;
      hit writes;
    BEGIN
      PERFORM pg_advisory_xact_lock(lock) FROM (
        SELECT DISTINCT hashtextextended(concat_ws(E'\\x1f', subject, tool, digest), 7402) AS lock
        FROM json_to_recordset(given) AS each (subject text, tool text, digest text) ORDER BY lock
      ) AS locks;
      FOR wish IN
        SELECT * FROM json_to_recordset(given) AS each (
          number int, id text, subject text, tenant text, tool text, key text, new_key text, digest text,
          contract_hash text, call_id text, owner text, now bigint, lease_until bigint, repeat_since bigint, moved_by text
        ) ORDER BY each.subject, each.tool, coalesce(each.key, each.new_key), each.number
      LOOP
        for_number := wish.number;
        row_json := NULL;
        IF wish.key IS NULL THEN
          SELECT * INTO hit FROM writes
          WHERE subject = wish.subject AND tool = wish.tool AND digest = wish.digest AND finished_at IS NULL
          ORDER BY position DESC LIMIT 1;
          IF FOUND THEN
            outcome := CASE WHEN hit.moved_by = wish.moved_by THEN 'claimed' ELSE 'found' END;
            row_json := to_json(hit);
            RETURN NEXT;
            CONTINUE;
          END IF;
          IF wish.repeat_since IS NOT NULL THEN
            SELECT * INTO hit FROM writes
            WHERE subject = wish.subject AND tool = wish.tool AND digest = wish.digest AND state = 'done'
              AND finished_at IS NOT NULL AND finished_at >= wish.repeat_since
            ORDER BY finished_at DESC, position DESC LIMIT 1;
            IF FOUND THEN
              outcome := 'repeat';
              row_json := to_json(hit);
              RETURN NEXT;
              CONTINUE;
            END IF;
          END IF;
        END IF;
        LOOP
          INSERT INTO writes (
            id, subject, tenant, tool, key, digest, contract_hash, call_id, owner, created_at, updated_at, lease_until,
            moved_by, attempt, state
          ) VALUES (
            wish.id, wish.subject, wish.tenant, wish.tool, coalesce(wish.key, wish.new_key), wish.digest,
            wish.contract_hash, wish.call_id, wish.owner, wish.now, wish.now, wish.lease_until, wish.moved_by, 1, 'claimed'
          ) ON CONFLICT DO NOTHING;
          IF FOUND THEN
            outcome := 'claimed';
            EXIT;
          END IF;
          SELECT * INTO hit FROM writes
          WHERE subject = wish.subject AND tool = wish.tool AND key = coalesce(wish.key, wish.new_key) FOR UPDATE;
          IF FOUND THEN
            outcome := CASE
              WHEN hit.digest <> wish.digest THEN 'mismatch'
              WHEN hit.moved_by = wish.moved_by THEN 'claimed'
              WHEN hit.state IN ('released', 'expired', 'withdrawn') THEN 'claimed'
              ELSE 'found' END;
            IF outcome = 'claimed' AND hit.moved_by <> wish.moved_by THEN
              UPDATE writes SET attempt = attempt + 1, state = 'claimed', owner = wish.owner, call_id = wish.call_id,
                updated_at = wish.now, lease_until = wish.lease_until, finished_at = NULL, sealed_outcome = NULL,
                code = NULL, note = NULL, moved_by = wish.moved_by
              WHERE id = hit.id RETURNING * INTO hit;
            END IF;
            row_json := to_json(hit);
            EXIT;
          END IF;
          -- Neither the key nor the id: the row that was in the way has expired meanwhile.
          IF EXISTS (SELECT FROM writes WHERE id = wish.id) THEN
            outcome := 'conflict';
            EXIT;
          END IF;
        END LOOP;
        RETURN NEXT;
      END LOOP;
    END $$;

    CREATE FUNCTION move_writes(given json) RETURNS SETOF int LANGUAGE plpgsql AS $$
    DECLARE
      wish record;
    BEGIN
      FOR wish IN
        SELECT * FROM json_to_recordset(given) AS each (
          number int, id text, subject text, tool text, key text, attempt bigint, from_state text, or_from text, state text, now bigint, lease_until bigint,
          code text, moved_by text, changes text, new_attempt bigint, owner text, call_id text, finished_at bigint,
          outcome text, settled_by text, note text, approval_before text, approval text, approval_id text, request text
        ) ORDER BY each.subject, each.tool, each.key, each.number
      LOOP
        IF wish.changes = 'advance' THEN
          UPDATE writes SET state = wish.state, updated_at = wish.now, lease_until = wish.lease_until, code = wish.code,
            moved_by = wish.moved_by, attempt = wish.new_attempt, owner = wish.owner, call_id = wish.call_id
          WHERE id = wish.id AND attempt = wish.attempt AND state IN (wish.from_state, wish.or_from);
        ELSIF wish.changes = 'finish' THEN
          UPDATE writes SET state = wish.state, updated_at = wish.now, lease_until = wish.lease_until, code = wish.code,
            moved_by = wish.moved_by, finished_at = wish.finished_at, settled_by = wish.settled_by, note = wish.note,
            sealed_outcome = decode(wish.outcome, 'base64')
          WHERE id = wish.id AND attempt = wish.attempt AND state IN (wish.from_state, wish.or_from);
        ELSE
          UPDATE writes SET state = wish.state, updated_at = wish.now, lease_until = wish.lease_until, code = wish.code,
            moved_by = wish.moved_by, attempt = wish.new_attempt, owner = wish.owner, call_id = wish.call_id,
            finished_at = wish.finished_at, approval = wish.approval, approval_id = wish.approval_id,
            sealed_request = coalesce(decode(wish.request, 'base64'), sealed_request)
          WHERE id = wish.id AND attempt = wish.attempt AND state IN (wish.from_state, wish.or_from)
            AND approval IS NOT DISTINCT FROM wish.approval_before;
        END IF;
        IF FOUND OR EXISTS (SELECT FROM writes WHERE id = wish.id AND moved_by = wish.moved_by) THEN
          RETURN NEXT wish.number;
        END IF;
      END LOOP;
    END $$;
    `,
  ],
};
