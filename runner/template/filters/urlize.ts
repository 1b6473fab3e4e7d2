import { escapeHtml } from './html.ts';

export interface UrlizeOptions {
  /** How many characters of an address are shown. */
  readonly limit: number | undefined;
  readonly rel: readonly string[];
  readonly target: string | undefined;
  /** Further schemes that make a word a link, with their colon. */
  readonly schemes: readonly string[];
}

const webAddress =
  /^((https?:\/\/|www\.)(([\w%-]+\.)+)?([a-z]{2,63}|xn--[\w%]{2,59})|([\w%-]{2,63}\.)+(com|net|int|edu|gov|org|info|mil)|(https?:\/\/)((\d{1,3})(\.\d{1,3}){3}|\[([\da-f]{0,4}:){2}([\da-f]{0,4}:?){1,6}\]))(?::(\d{1,5}))?(?:[/?#]\S*)?$/i;
const mailAddress = /^\S+@\w[\w.-]*\.\w+$/;
const brackets: readonly (readonly [string, string])[] = [
  ['(', ')'],
  ['<', '>'],
  ['&lt;', '&gt;'],
];

const count = (text: string, part: string): number => text.split(part).length - 1;

// Takes signs around a word off it, and gives brackets back that belong to the address.
const peel = (word: string): [string, string, string] => {
  const head = /^(?:[(<]|&lt;)+/.exec(word)?.[0] ?? '';
  let middle = word.slice(head.length);
  let tail = '';
  if (/(?:[)>.,\n]|&gt;)$/.test(middle)) {
    tail = /(?:[)>.,\n]|&gt;)+$/.exec(middle)![0];
    middle = middle.slice(0, middle.length - tail.length);
  }
  for (const [open, close] of brackets) {
    let missing = count(middle, open);
    missing = missing <= count(middle, close) ? 0 : Math.min(missing, count(tail, close));
    for (; missing > 0; missing--) {
      const end = tail.indexOf(close) + close.length;
      middle += tail.slice(0, end);
      tail = tail.slice(end);
    }
  }
  return [head, middle, tail];
};

/** Escapes a text for HTML and makes links of the addresses in it. */
export const urlize = (text: string, { limit, rel, target, schemes }: UrlizeOptions): string => {
  const shorten = (address: string): string =>
    limit !== undefined && address.length > limit ? `${address.slice(0, limit)}...` : address;
  const relations = [...new Set(rel.filter((part) => part !== ''))].sort().join(' ');
  const relAttribute = relations === '' ? '' : ` rel="${escapeHtml(relations)}"`;
  const targetAttribute = target ? ` target="${escapeHtml(target)}"` : '';

  const link = (word: string): string => {
    if (webAddress.test(word)) {
      const address = /^https?:\/\//.test(word) ? word : `https://${word}`;
      return `<a href="${address}"${relAttribute}${targetAttribute}>${shorten(word)}</a>`;
    }
    if (word.startsWith('mailto:') && mailAddress.test(word.slice(7))) return `<a href="${word}">${word.slice(7)}</a>`;
    if (word.includes('@') && !word.startsWith('www.') && !word.includes(':') && mailAddress.test(word))
      return `<a href="mailto:${word}">${word}</a>`;
    const scheme = schemes.find((candidate) => word !== candidate && word.startsWith(candidate));
    return scheme === undefined ? word : `<a href="${word}"${relAttribute}${targetAttribute}>${word}</a>`;
  };

  return escapeHtml(text)
    .split(/(\s+)/)
    .map((word) => {
      const [head, middle, tail] = peel(word);
      return head + link(middle) + tail;
    })
    .join('');
};
