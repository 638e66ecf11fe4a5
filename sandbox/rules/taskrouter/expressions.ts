/** TaskRouter's expressions: https://www.twilio.com/docs/taskrouter/expression-syntax */
import { isJsonObject, type Properties } from '../../json';

const EXPRESSION_TOKEN =
  /\s*(?:"([^"]*)"|'([^']*)'|(-?\d+(?:\.\d+)?)|(==|!=|<>|<=|>=|[=<>(),[\]])|([A-Za-z_$][\w.$[\]]*))/y;

interface Token {
  /** A constant, the name of a key, or an operator in upper case. */
  type: 'constant' | 'name' | 'operator';
  value: unknown;
}

const WORD_OPERATORS = ['AND', 'OR', 'NOT', 'IN', 'HAS', 'CONTAINS'];
const CONSTANTS: Properties = { TRUE: true, FALSE: false, NULL: null };

function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(EXPRESSION_TOKEN);
  const text = expression.trim();
  while (pattern.lastIndex < text.length) {
    const start = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) throw new Error(`unexpected ${JSON.stringify(text.slice(start, start + 10))}`);
    const [, double, single, number, operator, word] = match;
    const upper = word?.toUpperCase() ?? '';
    if (number !== undefined) tokens.push({ type: 'constant', value: Number(number) });
    else if (operator) tokens.push({ type: 'operator', value: operator });
    else if (WORD_OPERATORS.includes(upper)) tokens.push({ type: 'operator', value: upper });
    else if (word && upper in CONSTANTS) tokens.push({ type: 'constant', value: CONSTANTS[upper] });
    else if (word) tokens.push({ type: 'name', value: word });
    else tokens.push({ type: 'constant', value: double ?? single });
  }
  return tokens;
}

/** The value of a key such as `a.b[0]`, or null. */
function valueAt(key: string, values: Properties): unknown {
  let found: unknown = values;
  for (const part of key.split(/[.[\]]+/).filter(Boolean)) {
    found = Array.isArray(found) ? found[Number(part)] : isJsonObject(found) ? found[part] : undefined;
  }
  return found ?? null;
}

/** Compares two numbers or two texts; others have no order. */
function ordered(matches: (order: number) => boolean) {
  return (left: unknown, right: unknown): boolean => {
    if (typeof left === 'number' && typeof right === 'number') return matches(left - right);
    return typeof left === 'string' && typeof right === 'string' && matches(left < right ? -1 : left > right ? 1 : 0);
  };
}

const COMPARISONS: Record<string, (left: unknown, right: unknown) => boolean> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': ordered((order) => order < 0),
  '>': ordered((order) => order > 0),
  '<=': ordered((order) => order <= 0),
  '>=': ordered((order) => order >= 0),
  CONTAINS: (left, right) => typeof left === 'string' && left.includes(String(right)),
  HAS: (left, right) => Array.isArray(left) && left.includes(right),
  IN: (left, right) => Array.isArray(right) && right.includes(left),
  'NOT IN': (left, right) => Array.isArray(right) && !right.includes(left),
};
const SYNONYMS: Record<string, string> = { '=': '==', '<>': '!=' };

/** Reads an expression from left to right; AND binds tighter than OR. */
class Reader {
  #at = 0;
  readonly #tokens: Token[];
  readonly #values: Properties;
  constructor(tokens: Token[], values: Properties) {
    this.#tokens = tokens;
    this.#values = values;
  }

  read(): boolean {
    const result = this.#or();
    if (this.#at < this.#tokens.length) throw new Error('text after the end of the expression');
    return result;
  }

  #takes(operator: string): boolean {
    const next = this.#tokens[this.#at];
    if (next?.type !== 'operator' || next.value !== operator) return false;
    this.#at++;
    return true;
  }

  #needs(operator: string): void {
    if (!this.#takes(operator)) throw new Error(`${operator} is missing`);
  }

  #or(): boolean {
    let result = this.#and();
    while (this.#takes('OR')) result = this.#and() || result;
    return result;
  }

  #and(): boolean {
    let result = this.#term();
    while (this.#takes('AND')) result = this.#term() && result;
    return result;
  }

  #term(): boolean {
    if (this.#takes('NOT')) return !this.#term();
    if (this.#takes('(')) {
      const result = this.#or();
      this.#needs(')');
      return result;
    }
    const left = this.#operand();
    const operator = this.#comparison();
    if (operator === undefined) return left === true;
    return COMPARISONS[operator]!(left, this.#operand());
  }

  #comparison(): string | undefined {
    if (this.#takes('NOT')) {
      this.#needs('IN');
      return 'NOT IN';
    }
    const next = this.#tokens[this.#at];
    const operator = next?.type === 'operator' ? (SYNONYMS[String(next.value)] ?? String(next.value)) : '';
    if (!(operator in COMPARISONS)) return undefined;
    this.#at++;
    return operator;
  }

  #operand(): unknown {
    if (this.#takes('[')) {
      const items: unknown[] = [];
      while (!this.#takes(']')) {
        items.push(this.#operand());
        if (!this.#takes(',')) {
          this.#needs(']');
          break;
        }
      }
      return items;
    }
    const next = this.#tokens[this.#at++];
    if (!next || next.type === 'operator') throw new Error('a value is missing');
    return next.type === 'name' ? valueAt(String(next.value), this.#values) : next.value;
  }
}

/** Whether an expression is true for the values that its keys name. @throws Error if it cannot be read. */
export function matchesExpression(expression: string, values: Properties): boolean {
  return new Reader(tokensOf(expression), values).read();
}

/** Why an expression cannot be read; undefined if it can. */
export function expressionError(expression: string): string | undefined {
  try {
    matchesExpression(expression, {});
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
