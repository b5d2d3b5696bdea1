/**
 * Reads as much of HCL as the Terraform module in `terraform/` uses: blocks, and attributes as the text of their expressions.
 * What it does not know, such as a heredoc, is an error.
 */

export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  /** The text of each attribute's expression. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly blocks: readonly HclBlock[];
}

const IDENTIFIER = /[A-Za-z_][\w-]*/y;
const LABEL = /"([\w-]*)"/y;
const SPACE = /[ \t]*/y;
const SPACE_LINES_AND_COMMENTS = /(?:\s|#.*)*/y;
const CLOSES: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The top-level blocks of a file. @throws Error with the line where the text is no HCL that it knows */
export function readHcl(text: string): readonly HclBlock[] {
  return new Reader(text).body('').blocks;
}

/** The value of an expression that is a string without references. */
export function stringValue(expression: string): string {
  const value: unknown = JSON.parse(expression);
  if (typeof value !== 'string' || /(?<!\$)\$\{|(?<!%)%\{/.test(value))
    throw new Error(`${expression} is not a plain string`);
  return value.replaceAll('$${', '${').replaceAll('%%{', '%{');
}

class Reader {
  private at = 0;
  /** Where the comments in the expression are that is being read. */
  private comments: { readonly from: number; readonly to: number }[] = [];

  constructor(private readonly text: string) {}

  /** Reads attributes and blocks up to the end of the block, or of the file for `''`. */
  body(end: '}' | ''): Pick<HclBlock, 'attributes' | 'blocks'> {
    const attributes: Record<string, string> = {};
    const blocks: HclBlock[] = [];
    for (;;) {
      this.take(SPACE_LINES_AND_COMMENTS);
      if (this.text.charAt(this.at) === end) {
        this.at++;
        return { attributes, blocks };
      }
      const name = this.take(IDENTIFIER) || this.fail('a name');
      this.take(SPACE);
      if (this.text[this.at] === '=') {
        this.at++;
        if (name in attributes) this.fail(`one ${name} only`);
        attributes[name] = this.expression();
      } else {
        blocks.push(this.block(name));
      }
    }
  }

  private block(type: string): HclBlock {
    const labels: string[] = [];
    for (;;) {
      this.take(SPACE);
      if (this.text[this.at] === '{') {
        this.at++;
        return { type, labels, ...this.body('}') };
      }
      labels.push((this.take(LABEL) || this.fail('a label or {')).slice(1, -1));
    }
  }

  /** Up to the end of the line on which every bracket is closed; without comments. */
  private expression(): string {
    this.comments = [];
    const start = this.at;
    while (this.at < this.text.length && this.text[this.at] !== '\n') this.skipOne();
    const kept = [...this.comments, { from: this.at, to: this.at }].map(({ from }, index) =>
      this.text.slice(this.comments[index - 1]?.to ?? start, from),
    );
    return kept.join('').trim();
  }

  /** Skips a character, or the whole of what begins with it. */
  private skipOne(): void {
    const character = this.text.charAt(this.at);
    if (this.text.startsWith('<<', this.at)) this.fail('no heredoc');
    this.at++;
    const close = CLOSES[character];
    if (close) this.skipTo(close);
    else if (character === '"') this.skipString();
    else if (character === '#') this.skipComment();
  }

  private skipComment(): void {
    const from = this.at - 1;
    while (this.at < this.text.length && this.text[this.at] !== '\n') this.at++;
    this.comments.push({ from, to: this.at });
  }

  private skipTo(close: string): void {
    while (this.text[this.at] !== close) {
      if (this.at >= this.text.length) this.fail(close);
      this.skipOne();
    }
    this.at++;
  }

  private skipString(): void {
    while (this.text[this.at] !== '"') {
      if (this.at >= this.text.length || this.text[this.at] === '\n') this.fail('the end of a string');
      const two = this.text.slice(this.at, this.at + 2);
      if (this.text.startsWith('$${', this.at) || this.text.startsWith('%%{', this.at)) this.at += 3;
      else if (two === '${' || two === '%{') {
        this.at += 2;
        this.skipTo('}');
      } else this.at += two.startsWith('\\') ? 2 : 1;
    }
    this.at++;
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const [found = ''] = pattern.exec(this.text) ?? [];
    this.at += found.length;
    return found;
  }

  private fail(expected: string): never {
    const line = this.text.slice(0, this.at).split('\n').length;
    throw new Error(`line ${line}: expected ${expected}`);
  }
}
