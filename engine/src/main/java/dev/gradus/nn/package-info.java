/**
 * What a user composes a model of: layers, activations, initialisers, and the network that holds
 * them. A layer describes; it owns no memory. May use {@code graph} and what lies right of it.
 */
package dev.gradus.nn;
