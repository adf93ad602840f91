/**
 * Settles the operator's key of an API process: the one that is given or kept in DATA_DIR, compared with the one that
 * the database was used with before, so that replicas with different keys do not go unnoticed.
 */
import type { Config } from '../config.js'
import { OperatorError } from '../errors.js'
import { withRememberedKey } from '../storage/operator-key.js'
import { ensureAdminKey, readAdminKey } from './data-dir.js'

/**
 * Gives the operator's key, and has the database remember it. A key that somebody chose (ADMIN_KEY) replaces another:
 * that is how keys are changed. One that was made up does not, for then another process has made up another; unless the
 * database is in DATA_DIR too and nobody else's.
 * @param url of the migrated database
 * @returns the key, and whether it was made now
 * @throws OperatorError when the database was used with another key than the one that this process made up, or would
 */
export async function settleOperatorKey (
  config: Config, url: string, print: (line: string) => void
): Promise<{ key: string, isNew: boolean }> {
  return await withRememberedKey(url, async remembered => {
    const isChosen = config.adminKey !== undefined
    const mayReplace = isChosen || config.databaseUrl === undefined
    // Asked before one is made: what is refused must not leave a key behind.
    const before = await remembered.isSame(readAdminKey(config) ?? '')
    if (before === false && !mayReplace) {
      throw new OperatorError(`This database was used with another operator's key than that of ${config.dataDir}: set ADMIN_KEY, the same for every serve and start on this database, or copy admin.key from the DATA_DIR of the first`)
    }
    const settled = ensureAdminKey(config)
    if (before === true) return settled
    await remembered.remember(settled.key, { replace: mayReplace })
    if (before === false && isChosen) print('ADMIN_KEY is another than the one that this database was used with before: every serve and start on it needs this one now')
    const isOvertaken = before === undefined && await remembered.isSame(settled.key) === false // another process was faster
    return isOvertaken ? await settleOperatorKey(config, url, print) : settled
  })
}
