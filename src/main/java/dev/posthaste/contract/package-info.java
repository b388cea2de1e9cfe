/**
 * How deliveries look and behave on the wire, as data: envelope, headers, signature, retries, what
 * counts as failure, when to disable; and the catalogs of event types.
 *
 * <p>Files are read once at start ({@link dev.posthaste.contract.ContractReader}, {@link
 * dev.posthaste.contract.CatalogReader}) and compiled into immutable objects that any thread may
 * use. Nothing here does I/O after that.
 */
package dev.posthaste.contract;
