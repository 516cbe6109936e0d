// The port of the picture store. Pictures are beside the log, because they are large and must be erasable.

/** A picture of a page. */
export interface StoredPicture {
  /** Hex SHA-256 of the bytes. */
  readonly digest: string;
  /** Media type. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/**
 * Pictures by organisation and digest: two organisations never share one. Each call is one transaction, durable when it
 * resolves. Rejects with a `JournalError`.
 */
export interface PictureStore {
  put(organizationId: string, picture: StoredPicture): Promise<void>;
  find(organizationId: string, digest: string): Promise<StoredPicture | undefined>;
  /**
   * Erases all pictures of the organisation but these, and overwrites them in the files if they are this server's own.
   * With `sparingNew`, a store that several nodes share also keeps those that were put in the last minute: another node
   * may be about to show them.
   */
  keepOnly(
    organizationId: string,
    digests: readonly string[],
    options?: { readonly sparingNew: boolean },
  ): Promise<void>;
  /** Ids of the organisations that have pictures. */
  organizations(): Promise<readonly string[]>;
  /** Resolves when the store has released its files and threads. */
  close(): Promise<void>;
}
