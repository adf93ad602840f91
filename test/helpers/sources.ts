/** The project's source files as the TypeScript compiler sees them: what each imports, calls and has as text. Runs none. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { projectRoot } from '../../src/paths.js'

/** One import, export-from, import() or require() of a file. */
export interface Import {
  /** a file of src by its path within it, jobs/node.ts; undefined for a package or what lies outside */
  file: string | undefined
  /** as it is written */
  name: string
  /** it is gone when the code runs */
  isType: boolean
  /** import() or require(): at its own time, if ever */
  isLate: boolean
}

export interface SourceFile {
  imports: Import[]
  /** of strings and of the fixed parts of templates */
  texts: string[]
  /** names of called methods: query of pool.query() */
  methods: string[]
}

/** Reads all of src by path within it; without what is generated, and without AssemblyScript. */
export function readSources (): Map<string, SourceFile> {
  const root = path.join(projectRoot, 'src')
  const names = readdirSync(root, { recursive: true }) as string[]
  const files = names.filter(name => /\.(ts|mjs)$/.test(name)).map(name => name.replaceAll(path.sep, '/'))
    .filter(name => !/^(storage\/generated|tensor\/float64\/assembly|datasets\/kernels\/assembly)\//.test(name))
  return new Map(files.sort().map(name => [name, parse(name, readFileSync(path.join(root, name), 'utf8'))]))
}

function parse (file: string, text: string): SourceFile {
  const source: SourceFile = { imports: [], texts: [], methods: [] }
  const add = (name: string, isType: boolean, isLate = false): void => {
    source.imports.push({ name, isType, isLate, file: resolve(file, name) })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, isTypeOnly(node.importClause))
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node.isTypeOnly)
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
      add(node.argument.literal.text, true)
    } else if (ts.isCallExpression(node)) {
      const [first] = node.arguments
      const isRequire = node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require'
      if (isRequire && first && ts.isStringLiteral(first)) add(first.text, false, true)
      if (ts.isPropertyAccessExpression(node.expression)) source.methods.push(node.expression.name.text)
    }
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) source.texts.push(node.text)
    node.forEachChild(visit)
  }
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true))
  return source
}

function isTypeOnly (clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false
  const { isTypeOnly, name, namedBindings: named } = clause
  if (isTypeOnly || name !== undefined || named === undefined || !ts.isNamedImports(named)) return isTypeOnly
  return named.elements.length > 0 && named.elements.every(one => one.isTypeOnly)
}

function resolve (from: string, name: string): string | undefined {
  if (!name.startsWith('.')) return undefined
  const file = path.posix.join(path.posix.dirname(from), name)
  return file.startsWith('../') ? undefined : file.replace(/\.js$/, '.ts')
}

/** Sets of files that import each other in a circle: the strongly connected components of more than one file. */
export function findCircles (sources: Map<string, SourceFile>): string[][] {
  const reached = new Map([...sources.keys()].map(file => [file, reach(sources, [file], () => true)]))
  const circles = new Map<string, string[]>()
  for (const [file, others] of reached) {
    const circle = [...others].filter(other => reached.get(other)?.has(file))
    if (circle.length > 0) circles.set(circle.sort().join(), circle)
  }
  return [...circles.values()]
}

/** Files that are reached from some by one import or more. */
export function reach (sources: Map<string, SourceFile>, from: string[], follows: (one: Import) => boolean): Set<string> {
  const reached = new Set<string>()
  const todo = [...from]
  for (let file; (file = todo.pop()) !== undefined;) {
    for (const one of sources.get(file)?.imports ?? []) {
      if (one.file === undefined || reached.has(one.file) || !follows(one)) continue
      reached.add(one.file)
      todo.push(one.file)
    }
  }
  return reached
}
