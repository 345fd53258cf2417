const primes = [0x01000193, 0x85ebca6b] as const;

/** 64 bits of bytes, as 16 hexadecimal digits: tells damaged or different contents, not a forgery. Two runs of Fowler, Noll and Vo's hash. */
export class Fingerprint {
  private first = 0x811c9dc5;
  private second = 0x9747b28c;

  add(bytes: Uint8Array): this {
    let { first, second } = this;
    for (let i = 0; i < bytes.length; i++) {
      first = Math.imul(first ^ bytes[i]!, primes[0]);
      second = Math.imul(second ^ bytes[i]!, primes[1]);
      // Multiplying carries bits upwards only.
      second ^= second >>> 15;
    }
    this.first = first;
    this.second = second;
    // Where one part ends belongs to the contents.
    if (bytes.length > 0) this.addLength(bytes.length);
    return this;
  }

  private addLength(length: number): void {
    this.first = Math.imul(this.first ^ length, primes[0]);
    this.second = Math.imul(this.second ^ length, primes[1]);
  }

  digits(): string {
    return [this.first, this.second].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }
}
