for spec in ["", "f", ".0f", ".2f", "e", ".3e", "g", ".3g", "G", "E", "F", "%", ".1%", "n", "10.2f", "<10.2f", "+.1f", " .1f", "010.2f", ",", ",.2f", "_.1f", "#.0f", "#g", ".10g", "z.0f", "*^12.1f", "=+9.1f", ".3", "5", "r", "d", "s", ".50g", ".0e", "._f", ",.3_f"]:
    out = []
    for v in (3.14159, -2.5, 1234567.891, 0.0, -0.0, 1e-10, 1e20, float("inf"), float("nan")):
        try: out.append(format(v, spec))
        except Exception as e: out = [f"{type(e).__name__}: {e}"]; break
    print(repr(spec), out)
print("%f %.0f %5.1f|%-8.2f|%08.2f %e %.2E %g %G %r %s" % (1.5, 2.5, 3.14159, 2.5, -2.5, 12345.678, 0.00012, 1e-5, 1e20, 0.1, 1e16))
print(["%.*f" % (n, 2.675) for n in range(5)], ["%.15g" % x for x in (0.1, 1/3, 1e22)], "%.30f" % 0.1, "%#.3g" % 1.0, "%+.1e" % 0, "% f" % 1)
print([f"{x:.1f}" for x in (0.05, 0.15, 0.25, 0.35, 0.45)], [round(x, 1) for x in (0.05, 0.15, 0.25, 0.35)], f"{1e308:.3g}", f"{5e-324:.3e}", f"{123456789.0:.4g}", f"{0.0001:g} {0.00001:g}", f"{1e16:g}", f"{99999.95:.6g} {999999.5:g}")
print(f"{1.5 + 2j:.2f}", f"{1 + 2j}", format(1j, "10"), format(-1.5j, ">12.1f"), str(complex("nan+infj")), repr(complex(-0.0, -0.0)), repr(-0j))
try: format(1j, "=5")
except ValueError as e: print(e)
try: format(1j, "05")
except ValueError as e: print(e)
