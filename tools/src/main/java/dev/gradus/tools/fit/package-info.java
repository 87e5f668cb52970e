/** Curves that small networks are fitted to, as courses show it. */
package dev.gradus.tools.fit;
