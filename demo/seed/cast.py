"""The people of the story by the cohort they belong to. All names, institutions and addresses are invented."""

from __future__ import annotations

from demo.seed.people import BY_KEY, Person

FAILS = 0.44


def _chinese(domain: str, *rows: tuple[str, str, str] | tuple[str, str, str, float]) -> tuple[Person, ...]:
    return tuple(Person(f"{row[0]}@{domain}", row[1], row[2], "zh-hans", *row[3:]) for row in rows)


def _latin(domain: str, *rows: tuple[str, str, str] | tuple[str, str, str, float]) -> tuple[Person, ...]:
    return tuple(Person(f"{row[0]}@{domain}", row[1], row[2], "en", *row[3:]) for row in rows)


JINGHE, ALDERMOOR = "students.jinghe.example", "aldermoor.example"
CHENGLING, FJORDVIK = "chengling.example", "fjordvik.example"
HENGCHUAN, VELMORA = "hengchuan.example", "velmora.example"

JINGHE_FIRST = _chinese(
    JINGHE,
    ("lin.zhiyuan", "林知远", "林", 0.78),
    ("wang.zihan", "王梓涵", "王", 0.9),
    ("zhang.chongyu", "张翀宇", "张", 0.84),
    ("li.yutong", "李雨桐", "李", FAILS),
    ("zhao.kun", "赵堃", "赵", 0.72),
)
HENGCHUAN_FIRST = (
    *_chinese(
        HENGCHUAN,
        ("zhou.qihang", "周启航", "周", 0.82),
        ("wu.xiaonan", "吴晓楠", "吴", 0.93),
        ("zheng.zhe", "郑喆", "郑", 0.76),
        ("sun.yifan", "孙亦凡", "孙", 0.71),
    ),
    *_latin(HENGCHUAN, ("marek.dvorak", "Marek Dvořák", "Dvořák", 0.87)),
)
# As the account was written when the certificate was issued: the wrong character is corrected later on.
MISSPELT = Person(f"liang.jingyi@{JINGHE}", "梁静仪", "梁", "zh-hans", 0.88)
JINGHE_SECOND = (
    *_chinese(
        JINGHE,
        ("huang.shiya", "黄诗雅", "黄", 0.91),
        ("he.jing", "何璟", "何", 0.77),
        ("gao.yun", "高赟", "高", 0.83),
        ("luo.yiming", "罗一鸣", "罗", FAILS),
        ("song.zimo", "宋子墨", "宋", 0.69),
    ),
    MISSPELT,
)
CHENGLING_FIRST = _chinese(
    CHENGLING,
    ("tang.leshan", "唐乐山", "唐", 0.8),
    ("han.yan", "韩䶮", "韩", 0.94),
    ("feng.ruoxi", "冯若溪", "冯", 0.74),
    ("dong.haoran", "董浩然", "董", 0.85),
    ("jiang.xinyan", "蒋欣妍", "蒋", 0.7),
)
FJORDVIK_FIRST = _latin(
    FJORDVIK,
    ("sigrid.hauge", "Sigrid Hauge", "Hauge", 0.86),
    ("lars.bjornstad", "Lars Bjørnstad", "Bjørnstad", 0.73),
    ("aino.makinen", "Aino Mäkinen", "Mäkinen", 0.9),
    ("eirikur.thorvaldsson", "Eiríkur Þorvaldsson", "Þorvaldsson", 0.79),
)
VELMORA_FIRST = _latin(
    VELMORA,
    ("lucia.fernandez", "Lucía Fernández Ibáñez", "Fernández Ibáñez", 0.81),
    ("thibault.lefevre", "Thibault Lefèvre", "Lefèvre", 0.75),
    ("giulia.damico", "Giulia D’Amico", "D’Amico", 0.92),
    ("minhanh.nguyen", "Nguyễn Thị Minh Anh", "Nguyễn", 0.88),
)
HENGCHUAN_SECOND = _chinese(
    HENGCHUAN,
    ("cao.shuyao", "曹书瑶", "曹", 0.84),
    ("peng.yuxuan", "彭宇轩", "彭", 0.77),
    ("tian.tian", "田甜", "田", 0.95),
    ("yuan.jiayi", "袁嘉怡", "袁", 0.7),
    ("deng.ziyang", "邓子扬", "邓", 0.52),
)
ALDERMOOR_FIRST = _latin(
    ALDERMOOR,
    ("oliver.hartwell", "Oliver Hartwell", "Hartwell", 0.79),
    ("priya.raghunathan", "Priya Raghunathan", "Raghunathan", 0.93),
    ("sian.llewellyn", "Siân Llewellyn", "Llewellyn", 0.72),
    ("kwame.mensah-boateng", "Kwame Mensah-Boateng", "Mensah-Boateng", 0.85),
    ("hannah.abernethy", "Hannah Abernethy", "Abernethy", FAILS),
    ("yusuf.demirtas", "Yusuf Demirtaş", "Demirtaş", 0.68),
)
CHENGLING_SECOND = _chinese(
    CHENGLING,
    ("xu.wenbo", "许文博", "许", 0.76),
    ("fu.yaqin", "傅雅琴", "傅", 0.89),
    ("shen.xinghe", "沈星河", "沈", 0.57),
    ("zeng.junjie", "曾俊杰", "曾", 0.81),
    ("liu.yan", "刘龑", "刘", 0.96),
)
FJORDVIK_SECOND = _latin(
    FJORDVIK,
    ("freja.lindholm", "Freja Lindholm", "Lindholm"),
    ("jon.thordarson", "Jón Þórðarson", "Þórðarson"),
    ("mikkel.ostergaard", "Mikkel Østergaard", "Østergaard"),
    ("elin.akesson", "Elin Åkesson", "Åkesson"),
    ("david.szucs", "Dávid Szűcs", "Szűcs"),
)
HENGCHUAN_THIRD = (
    BY_KEY["candidate_2"].person,
    *_chinese(
        HENGCHUAN,
        ("dai.anping", "戴安平", "戴"),
        ("xie.yufei", "谢雨霏", "谢"),
        ("lu.ziang", "陆子昂", "陆"),
    ),
)
JINGHE_THIRD = (
    BY_KEY["trainee"].person,
    *_chinese(
        JINGHE,
        ("ye.zhiqiu", "叶知秋", "叶"),
        ("cheng.ye", "程野", "程"),
        ("su.muyang", "苏沐阳", "苏"),
        ("wei.qingyang", "魏清扬", "魏"),
        ("fan.siyuan", "范思远", "范"),
        ("shi.ruoshui", "石若水", "石"),
        ("yao.muyun", "姚牧云", "姚"),
    ),
)
VELMORA_SECOND = _latin(
    VELMORA,
    ("clemence.aubry", "Clémence Aubry", "Aubry"),
    ("pavlos.georgiou", "Pavlos Georgiou", "Georgiou"),
    ("beatriz.nogueira", "Beatriz Nogueira", "Nogueira"),
    ("anders.wiklund", "Anders Wiklund", "Wiklund"),
)
JINGHE_INVITED = _chinese(
    JINGHE,
    ("ren.jiashu", "任嘉树", "任"),
    ("zhong.ling", "钟灵", "钟"),
    ("pan.yining", "潘以宁", "潘"),
    ("du.ruofei", "杜若飞", "杜"),
    ("xia.yubing", "夏语冰", "夏"),
)
ALDERMOOR_INVITED = _latin(
    ALDERMOOR,
    ("rhys.pemberton", "Rhys Pemberton", "Pemberton"),
    ("ngozi.adeyemi", "Ngozi Adeyemi", "Adeyemi"),
    ("isla.mcallister", "Isla McAllister", "McAllister"),
)

# Without a partner. Armenian is in none of the fonts a certificate is printed with, so this document is parked with
# its reason as soon as a worker has tried it, and an officer can mend it.
ARMENIAN = Person("anahit.sargsyan@post.example", "Անահիտ Սարգսյան", "Սարգսյան", "en", 0.86)
# Failed once, sat again and passed.
RETAKER = Person("bai.yifan@post.example", "白一帆", "白", "zh-hans", 0.48)
ALONE = (
    Person(BY_KEY["certificate_holder"].email, "Tomás Ó Briain", "Ó Briain", "en", 0.91),
    ARMENIAN,
    Person("aoife.gallagher@post.example", "Aoife Gallagher", "Gallagher", "en", 0.66),
)
