/** Folders that nobody but the service's user can look into, also where somebody left them open. */
import { chmodSync, lstatSync, mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'

/** The service's own; as root its database runs as another user, who must get through (but lists nothing). */
const passageMode = process.getuid?.() === 0 ? 0o711 : 0o700

/** Runs work that makes files or folders for other users too, whatever this process's umask. */
export function withOpenUmask<T> (work: () => T): T {
  const before = process.umask(0o022)
  try {
    return work()
  } finally {
    process.umask(before)
  }
}

/** Makes a folder with those above it that are missing. */
export function makeFolder (folder: string, mode = passageMode): void {
  withOpenUmask(() => mkdirSync(folder, { recursive: true, mode }))
}

/**
 * Takes from others what an existing folder gives them beyond the mode, and all that they may do with what lies in it.
 * Only what is this user's and named by `isOurs` is changed, and the folder itself only when it holds nothing else: a
 * home folder or /var that was given as DATA_DIR has its own rules.
 * @returns the names of what is not ours
 */
export function closeFolder (folder: string, isOurs: (name: string) => boolean, mode = passageMode): string[] {
  const names = readdirSync(folder)
  const foreign = names.filter(name => !isOurs(name))
  for (const name of names) if (isOurs(name)) restrict(path.join(folder, name), 0o700)
  if (foreign.length === 0) restrict(folder, mode)
  return foreign
}

function restrict (target: string, allowed: number): void {
  const found = lstatSync(target, { throwIfNoEntry: false })
  if (!found || found.isSymbolicLink() || found.uid !== process.geteuid?.()) return
  const mode = found.mode & 0o7777
  if (mode & ~allowed) chmodSync(target, mode & allowed)
}
