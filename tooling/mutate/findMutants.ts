import {
  type CallExpression,
  type Expression,
  parseSync,
  type Span,
  Visitor,
  type VisitorObject,
} from "oxc-parser"
import type { Mutant } from "./Mutant.ts"

const binaryOperators: Readonly<Record<string, ReadonlyArray<string>>> = {
  "===": ["!=="],
  "!==": ["==="],
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
}
const assignmentOperators: Readonly<Record<string, string>> = { "+=": "-=", "-=": "+=" }
const renamedMethods: Readonly<Record<string, string>> = {
  some: "every",
  every: "some",
  min: "max",
  max: "min",
  floor: "ceil",
  ceil: "floor",
  startsWith: "endsWith",
  endsWith: "startsWith",
}
/** Methods whose result has the type of their object. */
const removedMethods: ReadonlySet<string> = new Set([
  "filter",
  "sort",
  "toSorted",
  "trim",
  "slice",
  "reverse",
])

/** True for a member of a union or a part of a key, as opposed to text for people. */
const isWord = (text: string): boolean => /^[a-z*][\w.:*-]*$/.test(text)

const isText = ({ type, ...node }: Expression): boolean =>
  type === "TemplateLiteral" || ("value" in node && typeof node.value === "string")

/** Mutants of one source file, in the order of its lines. Each of `words` is replaced by each other one. */
export const findMutants = (
  file: string,
  source: string,
  words: ReadonlyArray<string>,
): ReadonlyArray<Mutant> => {
  const mutants: Array<Mutant> = []
  /** Types, imports and keys, which have no behaviour of their own. */
  const ignored: Array<Span> = []
  const text = ({ start, end }: Span) => source.slice(start, end)
  const replace = ({ start, end }: Span, ...replacements: ReadonlyArray<string>) =>
    mutants.push(...replacements.map((replacement) => ({ start, end, replacement })))
  const replaceBetween = (left: Span, right: Span, token: string, ...replacements: ReadonlyArray<string>) => {
    const start = source.indexOf(token, left.end)
    if (start !== -1 && start < right.start) replace({ start, end: start + token.length }, ...replacements)
  }
  const removeEach = (members: ReadonlyArray<Span | null>) => {
    for (const [index, member] of members.entries()) {
      if (member === null) continue
      const before = members[index - 1]
      const after = members[index + 1]
      if (after) replace({ start: member.start, end: after.start }, "")
      else replace({ start: before?.end ?? member.start, end: member.end }, "")
    }
  }
  const ignore = (node: Span) => ignored.push(node)
  const replaceTest = (node: { readonly test: Span }) => replace(node.test, "true", "false")
  const removeStatement = (node: Span) => replace(node, ";")

  const mutateCall = (node: CallExpression) => {
    const { callee } = node
    if (node.optional) replaceBetween(callee, { start: node.end, end: node.end }, "?.", "")
    if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return
    const { name } = callee.property
    const renamed = renamedMethods[name]
    if (renamed !== undefined) replace(callee.property, renamed)
    if (removedMethods.has(name) && !/^[A-Z]\w*$/.test(text(callee.object)))
      replace(node, text(callee.object))
  }

  const visitor: VisitorObject = {
    ImportDeclaration: ignore,
    ExportAllDeclaration: ignore,
    TSTypeAnnotation: ignore,
    TSTypeAliasDeclaration: ignore,
    TSInterfaceDeclaration: ignore,
    TSTypeParameterInstantiation: ignore,
    TSTypeParameterDeclaration: ignore,
    TSAsExpression: (node) => ignore(node.typeAnnotation),
    TSSatisfiesExpression: (node) => ignore(node.typeAnnotation),
    Property: (node) => {
      if (!node.computed && !node.shorthand) ignore(node.key)
    },
    BinaryExpression: (node) => {
      if (isText(node.left) || isText(node.right)) return
      replaceBetween(node.left, node.right, node.operator, ...(binaryOperators[node.operator] ?? []))
    },
    LogicalExpression: (node) => {
      replace(node, `(${text(node.left)})`, `(${text(node.right)})`)
      if (node.operator !== "??")
        replaceBetween(node.left, node.right, node.operator, node.operator === "&&" ? "||" : "&&")
    },
    UnaryExpression: (node) => {
      if (node.operator === "!" || node.operator === "-") replace(node, `(${text(node.argument)})`)
    },
    UpdateExpression: (node) => {
      const operator = node.operator === "++" ? "--" : "++"
      replace(node, node.prefix ? operator + text(node.argument) : text(node.argument) + operator)
    },
    AssignmentExpression: (node) => {
      const operator = assignmentOperators[node.operator]
      if (operator !== undefined) replaceBetween(node.left, node.right, node.operator, operator)
    },
    IfStatement: replaceTest,
    ConditionalExpression: replaceTest,
    WhileStatement: (node) => replace(node.test, "false"),
    ForStatement: (node) => {
      if (node.test !== null) replace(node.test, "false")
    },
    MemberExpression: (node) => {
      if (node.optional) replaceBetween(node.object, node.property, "?.", node.computed ? "" : ".")
    },
    CallExpression: mutateCall,
    ArrowFunctionExpression: (node) => {
      if (node.body.type === "CallExpression") replace(node.body, "undefined")
    },
    ArrayExpression: (node) => removeEach(node.elements),
    ObjectExpression: (node) => removeEach(node.properties),
    ExpressionStatement: removeStatement,
    ThrowStatement: removeStatement,
    ContinueStatement: removeStatement,
    BreakStatement: removeStatement,
    ReturnStatement: (node) => {
      if (node.argument === null) removeStatement(node)
    },
    Literal: (node) => {
      if (typeof node.value === "boolean") replace(node, String(!node.value))
      if (typeof node.value === "number") replace(node, String(node.value + 1))
      if (typeof node.value !== "string" || !isWord(node.value)) return
      if (words.includes(node.value))
        replace(node, ...words.filter((word) => word !== node.value).map((word) => `"${word}"`))
      else replace(node, '""')
    },
    TemplateLiteral: (node) => {
      if (!node.quasis.some(({ value }) => value.raw.includes(" "))) replace(node, "``")
    },
  }
  const { program, errors } = parseSync(file, source)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  new Visitor(visitor).visit(program)

  const seen = new Set<string>()
  return mutants
    .filter((mutant) => {
      const key = JSON.stringify(mutant)
      if (seen.has(key) || text(mutant) === mutant.replacement) return false
      seen.add(key)
      return !ignored.some(({ start, end }) => start <= mutant.start && mutant.end <= end)
    })
    .toSorted((a, b) => a.start - b.start || a.end - b.end)
}
