# No multiplication is fused with an addition (on x86-64, where the C compiler fuses none either).
import cmath, math, platform
if platform.machine() == "x86_64":
    for x in [2.533949979992502, -2.825968630298312, 1.450721935564376, 1.7711613933941797, 0.1, 3.7, 10.5, 100.25]:
        print(x, math.gamma(x), math.lgamma(x))
    for z in [0.7374101693382116+1.450721935564376j, -1.323105803933338+2.498072230851312j, -1.191845395383225+0.6186599844459262j, 2.660140301989882+0.8938473188215452j]:
        print(z, cmath.tan(z), cmath.tanh(z), cmath.log(z), cmath.log10(z), cmath.polar(z), abs(z))
