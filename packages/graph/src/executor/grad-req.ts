/** What backward does with an argument's gradient (MXNet `grad_req`): `write` overwrites, `add` accumulates over backward calls, `null` leaves it out. */
export type GradReq = 'write' | 'add' | 'null';

const requests: readonly string[] = ['write', 'add', 'null'] satisfies readonly GradReq[];

/**
 * One request for all, one an argument in order, or by name: names left out get `null`. An unknown name or word, or a list of another length, is a RangeError
 * of binding.
 */
export type GivenGradReq = GradReq | readonly GradReq[] | { readonly [argument: string]: GradReq };

/**
 * The request of every argument.
 *
 * @throws RangeError for a name that is no argument, a list of another length, and a word that is no request.
 */
export function gradReqs(given: GivenGradReq, names: readonly string[]): GradReq[] {
  if (typeof given === 'string') return names.map(() => checked(given, 'gradReq'));
  if (Array.isArray(given)) {
    if (given.length !== names.length) throw new RangeError(`gradReq: a list of ${given.length} does not fit the ${names.length} arguments ${names.join(', ')}`);
    return given.map((request: GradReq, i) => checked(request, names[i]!));
  }
  const byName = given as { readonly [argument: string]: GradReq };
  for (const name of Object.keys(byName)) {
    if (!names.includes(name)) throw new RangeError(`gradReq: there is no argument ${name}; the arguments are ${names.join(', ')}`);
  }
  return names.map((name) => (Object.hasOwn(byName, name) ? checked(byName[name]!, name) : 'null'));
}

function checked(request: GradReq, name: string): GradReq {
  if (!requests.includes(request)) throw new RangeError(`gradReq: '${String(request)}' of ${name} is none of ${requests.join(', ')}`);
  return request;
}
