/** What an entry of the catalog is made of: a well-known data set, where its files are, and what they must be. Types only. */
import type { Description } from '../description.js'
import type { UploadedFile } from '../limits.js'

export interface CatalogEntry {
  id: string
  title: string
  licence: string
  /** page of those who made it */
  home: string
  /** what it is when it is there: known before its files are */
  description: Description
  /** what makes a data set of its files */
  reader: 'idx' | 'cifar' | 'iris'
  /** what is downloaded, by the role that the reader gives a file */
  files: Readonly<Record<string, CatalogFile>>
  /** of the data set’s file, where it is known: reading the files must give these bytes */
  sha256?: string
}

/** A file to be downloaded. */
export interface CatalogFile {
  name: string
  sizeBytes: number
  sha256: string
  /** URLs, asked one after the other; those of whoever publishes it go first */
  places: string[]
}

/** What a thread is told to make a data set of. */
export interface CatalogJob { type: 'catalog', entry: CatalogEntry, files: Record<string, UploadedFile> }
