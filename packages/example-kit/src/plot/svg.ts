/** Attributes of an element by camelCase name; undefined leaves one out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One SVG element as text. Names with capitals become hyphenated (`fontSize` → `font-size`); children are markup already, see `text` for words. */
export function element(name: string, attributes: Attributes = {}, ...children: readonly string[]): string {
  const list = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${attributeName(key)}="${typeof value === 'number' ? format(value) : escape(value!)}"`)
    .join('');
  return children.length === 0 ? `<${name}${list}/>` : `<${name}${list}>${children.join('')}</${name}>`;
}

/** Words at a place; the baseline is at y. */
export function text(content: string, attributes: Attributes): string {
  return element('text', attributes, escape(content));
}

/** A whole drawing, its title for readers that show one included. */
export function svgDocument({ width, height, title, background }: Frame, children: readonly string[]): string {
  return (
    element(
      'svg',
      { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, width, height, fontFamily: "Inter, system-ui, 'Segoe UI', sans-serif" },
      element('title', {}, escape(title)),
      element('rect', { width, height, fill: background }),
      ...children,
    ) + '\n'
  );
}

export interface Frame {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** Told by readers that show one. */
  readonly title: string;
  /** CSS colour. */
  readonly background: string;
}

/** A number with no more digits than a picture shows: two behind the point unless told. */
export function format(value: number, digits = 2): string {
  return String(Number(value.toFixed(digits)));
}

function attributeName(key: string): string {
  return key === 'viewBox' ? key : key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(content: string): string {
  return content.replace(/[&<>"]/g, (character) => entities[character]!);
}
