/** Ids of nodes that share a folder: each has one of its own, and finds it again. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { v7 as newId } from 'uuid'
import { takeIdentity } from '../../src/jobs/identity.js'
import { openTestDatabase } from '../helpers/database.js'
import { temporaryFolder } from '../helpers/folder.js'

const leaseSeconds = 30

test('takeIdentity gives the first id that no node uses, and the same one again', async t => {
  const db = await openTestDatabase(t)
  const dataDir = temporaryFolder()
  const [first, second] = [await takeIdentity(db, { dataDir, leaseSeconds }), await takeIdentity(db, { dataDir, leaseSeconds })]
  assert.notEqual(first.nodeId, second.nodeId)
  assert.deepEqual(['node-id', 'node-id-2'].map(name => readFileSync(path.join(dataDir, name), 'utf8').trim()), [first.nodeId, second.nodeId])
  await first.release()
  const again = await takeIdentity(db, { dataDir, leaseSeconds })
  assert.equal(again.nodeId, first.nodeId)
  assert.equal((await db.pool.query('select from node')).rowCount, 2)
  await Promise.all([again.release(), second.release()])
})

test('takeIdentity leaves the id of a node that works on another machine, until that is silent or has stopped', async t => {
  const db = await openTestDatabase(t)
  const dataDir = temporaryFolder()
  const theirs = newId()
  writeFileSync(path.join(dataDir, 'node-id'), `${theirs}\n`)
  await db.pool.query("insert into node (id, name, version) values ($1, 'elsewhere.example', '0')", [theirs])
  const take = async (): Promise<string> => {
    const { nodeId, release } = await takeIdentity(db, { dataDir, leaseSeconds })
    await release()
    return nodeId
  }
  assert.notEqual(await take(), theirs)
  await db.pool.query("update node set heartbeat_at = now() - interval '31 seconds' where id = $1", [theirs])
  assert.equal(await take(), theirs)
  await db.pool.query("update node set name = 'elsewhere.example', stopped_at = now() where id = $1", [theirs])
  assert.equal(await take(), theirs)
})
