// What the docstrings of a package's source say, for the tables that the pages show: there each sentence stands once.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { root } from './toolchain.mjs'

/** The exported names of a package: `{ text, folder, members, declaration }` by name, `members` the texts of an interface's members. */
export function docstringsOf(name) {
  const source = join(root, 'packages', name, 'src')
  const files = readdirSync(source, { recursive: true }).map(String).filter((file) => file.endsWith('.ts')).sort()
  return new Map(files.flatMap((file) => {
    const { statements } = ts.createSourceFile(file, readFileSync(join(source, file), 'utf8'), ts.ScriptTarget.Latest, true)
    return statements.flatMap((statement) => {
      const declarations = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement]
      return declarations.filter((each) => each.name).map((declaration) => [declaration.name.text, {
        text: textOf(statement),
        folder: file.split(/[\\/]/)[0],
        members: new Map((declaration.members ?? []).filter((member) => member.name).map((member) => [member.name.text, textOf(member)])),
        declaration,
      }])
    })
  }))
}

/** Without its tags, in one line. */
function textOf(node) {
  const [docstring] = ts.getJSDocCommentsAndTags(node)
  return (ts.getTextOfJSDocComment(docstring?.comment) ?? '').replaceAll(/\s+/g, ' ')
}
