/** The entries of the catalog. A new one is its description and its name here. */
import type { CatalogEntry } from './entry.js'
import { cifar10, fashionMnist, mnist } from './image-sets.js'
import { iris } from './iris.js'

export const catalogEntries: readonly CatalogEntry[] = [mnist, fashionMnist, cifar10, iris]

/** Names of the entries, as {catalog: id} has them. */
export const catalogIds: readonly string[] = catalogEntries.map(({ id }) => id)
