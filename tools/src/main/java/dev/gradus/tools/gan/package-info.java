/** A generator of images beside its discriminator. */
package dev.gradus.tools.gan;
