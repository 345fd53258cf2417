// The programs in a page of Markdown, and the output that stands under them.

/**
 * Every `ts` block that imports something is a program: `{ line, code, expected, runs }`. `expected` is the text of the block without a
 * language that follows it directly; `ts no-run` is type-checked alone. Blocks without imports are fragments of the prose.
 */
export function examplesOf(markdown) {
  const lines = markdown.split('\n')
  const blocks = []
  for (let start = 0; start < lines.length; start++) {
    const info = /^```(.*)$/.exec(lines[start])?.[1]
    if (info === undefined) continue
    const end = lines.indexOf('```', start + 1)
    if (end < 0) throw new Error(`line ${start + 1}: a block of code that does not end`)
    blocks.push({ info: info.trim(), start, end, text: lines.slice(start + 1, end).join('\n') })
    start = end
  }
  return blocks.flatMap(({ info, start, end, text }, index) => {
    if (!/^ts( no-run)?$/.test(info) || !/^import /m.test(text)) return []
    const next = blocks[index + 1]
    const follows = next && next.info === '' && lines.slice(end + 1, next.start).every((line) => line === '')
    return [{ line: start + 2, code: text, expected: follows ? next.text : undefined, runs: info === 'ts' }]
  })
}

/**
 * What is wrong with an output, or undefined. Text and whole numbers have to be the same; decimals may differ by 1 %, since another
 * processor adds in another order; seconds are not compared; `…` stands for anything.
 */
export function difference(actual, expected) {
  const number = /(?:Time cost=)?-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|…/g
  const numbers = expected.match(number)?.filter((each) => each !== '…') ?? []
  const texts = expected.split(number).map((text) => text.split(/\s+/).map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('\\s+'))
  const joints = (expected.match(number) ?? []).map((each) => (each === '…' ? '[^]*?' : '((?:Time cost=)?-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?)'))
  const found = new RegExp(`^\\s*${texts.map((text, index) => text + (joints[index] ?? '')).join('')}\\s*$`).exec(actual)
  if (!found) return 'another text'
  const differs = (is, should) => !should.startsWith('Time cost=') && (should.includes('.') || should.includes('e') ? Math.abs(is - should) > 0.01 * Math.abs(should) + 1e-6 : is !== should)
  const wrong = numbers.findIndex((should, index) => differs(found[index + 1], should))
  return wrong < 0 ? undefined : `${found[wrong + 1]} in place of ${numbers[wrong]}`
}
