/** Brings the database to the schema before anything uses it, and says in a sentence why it cannot be reached. */
import { OperatorError } from '../errors.js'
import { migrate } from '../storage/migrate.js'

/** What the server answers to a user who has no right to something that is there. */
const forbiddenCode = '42501'

/** What system and server answer to a wrong DATABASE_URL, or where no server is. */
const connectionCodes = [
  'ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ERR_INVALID_URL',
  '28P01', // wrong password
  '28000', // no such user, or the server does not let it in
  '3D000' // no such database
]

/**
 * Applies what is missing; cheap when nothing is.
 * @throws OperatorError when the database cannot be reached, or cannot be ours
 */
export async function prepareDatabase (url: string, print: (line: string) => void): Promise<void> {
  try {
    await migrate(url, print)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === forbiddenCode) throw new OperatorError(`The database cannot be used (${message}): name the user who made its tables in DATABASE_URL`)
    if (!code || !connectionCodes.includes(code)) throw error
    throw new OperatorError(`The database cannot be reached (${message || code}): check DATABASE_URL`)
  }
}
