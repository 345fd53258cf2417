/** Reads little-endian numbers one after the other; every length is checked against what is left. */
export class ByteReader {
  position = 0;
  private readonly view: DataView;

  constructor(
    private readonly source: Uint8Array,
    private readonly name: string,
    /** What the bytes are if they are not what they should be. */
    private readonly otherwise: string,
  ) {
    this.view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  }

  fail(problem: string, at = this.position): never {
    throw new RangeError(`${this.name}: ${problem} (byte ${at} of ${this.source.length}); it is damaged or ${this.otherwise}: take another copy`);
  }

  uint32(what: string): number {
    return this.view.getUint32(this.take(4, what), true);
  }

  int32(what: string): number {
    return this.view.getInt32(this.take(4, what), true);
  }

  uint64(what: string): number {
    const at = this.take(8, what);
    const value = this.view.getBigUint64(at, true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) this.fail(`${what} is ${value}`, at);
    return Number(value);
  }

  /** A number of things that follow, of which each takes some bytes at least. */
  count(things: string, leastBytes: number): number {
    const at = this.position;
    const count = this.uint64(`its number of ${things}`);
    if (count * leastBytes > this.left) this.fail(`it is said to hold ${count} ${things}, only ${this.left} bytes are left`, at);
    return count;
  }

  bytes(length: number, what: string): Uint8Array {
    const at = this.take(length, what);
    return this.source.subarray(at, at + length);
  }

  text(what: string): string {
    const at = this.position;
    const bytes = this.bytes(this.uint64(`the length of ${what}`), what);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return this.fail(`${what} is not UTF-8`, at);
    }
  }

  expectEnd(): void {
    if (this.left > 0) this.fail(`${this.left} bytes follow its end`);
  }

  private get left(): number {
    return this.source.length - this.position;
  }

  private take(length: number, what: string): number {
    const at = this.position;
    if (length > this.left) this.fail(`${what} takes ${length} bytes, ${this.left} are left`);
    this.position = at + length;
    return at;
  }
}
