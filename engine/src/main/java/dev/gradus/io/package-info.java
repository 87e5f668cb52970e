/**
 * Models in files: safetensors with the network described in the metadata. May use {@code plan}.
 */
package dev.gradus.io;
