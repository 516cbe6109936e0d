// Payers: who pays for a read, and from which budgets.
import type { IncomingMessage } from 'node:http';
import { isMember, type Viewer } from '../../projections/viewer/viewer.ts';
import { Budget } from '../bounds/budget.ts';
import { RecentMap } from '../bounds/recent-map.ts';
import type { Payer } from '../bounds/turns.ts';
import { type ClientAddress, networkOf, widerNetworkOf } from '../identity/client-address.ts';
import { isStranger } from './access.ts';

interface Price {
  readonly milliseconds: number;
  readonly bytes: number;
}

/** What payers may spend: all of it at once, and as much again in `window` seconds. */
export interface BudgetTerms {
  /** What an address may spend. */
  readonly address: Price;
  /** How many times as much the others may spend: a network of addresses, a credential, and an organisation. */
  readonly times: { readonly network: number; readonly credential: number; readonly organization: number };
  readonly window: number;
  /** How many payers of each kind are counted. */
  readonly counted: number;
  readonly now: () => Date;
}

/** The budgets of one kind of payers, in milliseconds of work and in bytes that were sent. */
class Budgets {
  readonly #milliseconds: Budget;
  readonly #bytes: Budget;

  constructor({ address, window, counted: capacity, now }: BudgetTerms, times: number) {
    this.#milliseconds = new Budget({ amount: address.milliseconds * times, window }, { now, capacity });
    this.#bytes = new Budget({ amount: address.bytes * times, window }, { now, capacity });
  }

  charge(key: string, { milliseconds = 0, bytes = 0 }: Partial<Price>): void {
    if (milliseconds > 0) this.#milliseconds.charge(key, milliseconds);
    if (bytes > 0) this.#bytes.charge(key, bytes);
  }

  wait(key: string): number {
    return Math.max(this.#milliseconds.wait(key), this.#bytes.wait(key));
  }
}

/** A budget of a payer. */
interface Account {
  readonly budgets: Budgets;
  readonly key: string;
}

type Who = Pick<Payer, 'key' | 'isStranger' | 'isAddress'>;

class AccountsPayer implements Payer {
  readonly key: string;
  readonly isStranger: boolean;
  readonly isAddress: boolean;
  readonly #accounts: readonly Account[];

  constructor({ key, isStranger, isAddress }: Who, accounts: readonly Account[]) {
    this.key = key;
    this.isStranger = isStranger;
    this.isAddress = isAddress;
    this.#accounts = accounts;
  }

  get wait(): number {
    return Math.max(0, ...this.#accounts.map(({ budgets, key }) => budgets.wait(key)));
  }

  charge(used: Partial<Price>): void {
    for (const { budgets, key } of this.#accounts) budgets.charge(key, used);
  }
}

/** Pays for what is never refused for its price, such as a health check. */
export const FREE: Payer = { key: '', isStranger: false, isAddress: false, wait: 0, charge() {} };

/**
 * An anonymous client pays from the budgets of its address and of the wider network, so that a network of addresses
 * does not have as many budgets. A credential has a budget of its own, wherever it is used. Where it reads an
 * organisation of which it is a member, the organisation pays too. An anonymous client never charges an organisation:
 * its members could not read their own page any longer.
 */
export class Payers {
  readonly #clientAddress: ClientAddress;
  /** Strangers, by their address. */
  readonly #strangers = new RecentMap<string, Payer>(10_000);
  readonly #budgets: Readonly<Record<'address' | 'network' | 'credential' | 'organization', Budgets>> | undefined;

  /** Without terms nobody's budget is limited. Payers still take turns. */
  constructor(clientAddress: ClientAddress, terms: BudgetTerms | undefined) {
    this.#clientAddress = clientAddress;
    this.#budgets = terms && {
      address: new Budgets(terms, 1),
      network: new Budgets(terms, terms.times.network),
      credential: new Budgets(terms, terms.times.credential),
      organization: new Budgets(terms, terms.times.organization),
    };
  }

  /** Who pays for a request of this viewer that reads this organisation, or no particular one. */
  of(viewer: Viewer, request: IncomingMessage, organizationId: string | undefined): Payer {
    const { kind, id } = viewer.actor;
    if (id === undefined) return this.ofAddress(request, isStranger(viewer));
    return this.#credential(`${kind} ${id}`, viewer, organizationId);
  }

  /** The address that a request comes from, whoever sent it. */
  ofAddress(request: IncomingMessage, isOfStranger = true): Payer {
    const address = this.#clientAddress(request);
    if (!isOfStranger) return this.#address(address, isOfStranger);
    const known = this.#strangers.get(address);
    const payer = known ?? this.#address(address, isOfStranger);
    if (!known) this.#strangers.set(address, payer);
    return payer;
  }

  #address(address: string, isStranger: boolean): Payer {
    const key = networkOf(address);
    const accounts = this.#budgets && [
      { budgets: this.#budgets.address, key },
      { budgets: this.#budgets.network, key: widerNetworkOf(address) },
    ];
    return new AccountsPayer({ key, isStranger, isAddress: true }, accounts ?? []);
  }

  #credential(key: string, viewer: Viewer, organizationId: string | undefined): Payer {
    const accounts: Account[] = [];
    if (this.#budgets) {
      const { credential, organization } = this.#budgets;
      accounts.push({ budgets: credential, key });
      const isPayer = organizationId !== undefined && isMember(viewer, organizationId);
      if (isPayer) accounts.push({ budgets: organization, key: organizationId });
    }
    return new AccountsPayer({ key, isStranger: false, isAddress: false }, accounts);
  }
}
